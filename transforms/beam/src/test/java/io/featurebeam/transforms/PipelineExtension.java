package io.featurebeam.transforms;

import java.lang.reflect.Method;
import java.util.Objects;
import org.apache.beam.sdk.testing.TestPipeline;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.runner.Description;
import org.junit.runners.model.Statement;

/**
 * Beam's {@link TestPipeline} for JUnit 5: a test that takes one as a parameter gets its own, and
 * fails if it builds steps or assertions that it never runs.
 *
 * <pre>{@code
 * @ExtendWith(PipelineExtension.class)
 * class SomeTest {
 *   @Test
 *   void something(TestPipeline pipeline) { ... pipeline.run(); }
 * }
 * }</pre>
 */
public final class PipelineExtension implements ParameterResolver, InvocationInterceptor {

  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(PipelineExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == TestPipeline.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    TestPipeline pipeline = TestPipeline.create();
    pipeline.enableAbandonedNodeEnforcement(true);
    context.getStore(NAMESPACE).put(TestPipeline.class, pipeline);
    return pipeline;
  }

  @Override
  public void interceptTestMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    enforce(invocation, context);
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    enforce(invocation, context);
  }

  /** TestPipeline is a rule of JUnit 4: it wraps the test, and looks at its pipeline afterwards. */
  private static void enforce(Invocation<Void> invocation, ExtensionContext context)
      throws Throwable {
    TestPipeline pipeline = context.getStore(NAMESPACE).get(TestPipeline.class, TestPipeline.class);
    if (pipeline == null) {
      invocation.proceed();
      return;
    }
    Statement test =
        new Statement() {
          @Override
          public void evaluate() throws Throwable {
            invocation.proceed();
          }
        };
    pipeline.apply(test, description(context)).evaluate();
  }

  private static Description description(ExtensionContext context) {
    Class<?> type = Objects.requireNonNull(context.getRequiredTestClass());
    return Description.createTestDescription(type, context.getRequiredTestMethod().getName());
  }
}
