package io.featurebeam.pipelines;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.runners.TransformHierarchy;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.reflect.DoFnInvoker;
import org.apache.beam.sdk.transforms.reflect.DoFnInvokers;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.util.SerializableUtils;
import org.apache.beam.sdk.values.OutputBuilder;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Instant;

/**
 * The steps of a pipeline from the read to the first shuffle, run as a runner runs what it fuses:
 * each hands an element to the next by a call, in one thread and one bundle. No runner is around
 * them, so what the thread does is what they do.
 *
 * @param elements what the first step takes
 */
record FusedChain(List<Step> steps, List<Object> elements) {

  /**
   * Takes out of a pipeline what stands between {@code Create -> Reshuffle} and the next shuffle.
   */
  static FusedChain of(Pipeline pipeline, String read) {
    Graph graph = new Graph(read);
    pipeline.traverseTopologically(graph);
    return new FusedChain(graph.chain(), graph.elements);
  }

  /** Runs all elements as one bundle. */
  void run() {
    for (int i = 0; i < steps.size(); i++) {
      steps.get(i).start(i + 1 < steps.size() ? steps.get(i + 1) : null);
    }
    elements.forEach(steps.get(0)::take);
    steps.forEach(Step::finish);
  }

  List<String> names() {
    return steps.stream().map(step -> step.name).toList();
  }

  /** How many elements each step gave on. */
  List<Long> given() {
    return steps.stream().map(step -> step.given).toList();
  }

  /** What stands between the steps, in the pipeline that they were taken from. */
  List<PCollection<?>> between() {
    return steps.subList(0, steps.size() - 1).stream()
        .<PCollection<?>>map(step -> step.output)
        .toList();
  }

  /** One DoFn with what it is handed by its runner. */
  static final class Step extends DoFnInvoker.FakeArgumentProvider<Object, Object>
      implements DoFn.OutputReceiver<Object> {
    private final String name;
    private final PCollection<?> output;
    private final DoFnInvoker<Object, Object> invoker;
    private Step next;
    private Object element;
    private long given;

    Step(String name, PCollection<?> output, DoFn<Object, Object> fn) {
      this.name = name;
      this.output = output;
      this.invoker = DoFnInvokers.invokerFor(fn);
    }

    void start(Step follower) {
      next = follower;
      invoker.invokeSetup(this);
      invoker.invokeStartBundle(this);
    }

    void take(Object taken) {
      element = taken;
      invoker.invokeProcessElement(this);
    }

    void finish() {
      invoker.invokeFinishBundle(this);
    }

    @Override
    public void output(Object output) {
      given++;
      if (next != null) {
        next.take(output);
      }
    }

    @Override
    public OutputBuilder<Object> builder(Object output) {
      throw new UnsupportedOperationException("no step gives an element a time of its own");
    }

    @Override
    public Object element(DoFn<Object, Object> fn) {
      return element;
    }

    @Override
    public DoFn.OutputReceiver<Object> outputReceiver(DoFn<Object, Object> fn) {
      return this;
    }

    @Override
    public DoFn<Object, Object>.FinishBundleContext finishBundleContext(DoFn<Object, Object> fn) {
      return fn.new FinishBundleContext() {
        @Override
        public PipelineOptions getPipelineOptions() {
          throw new UnsupportedOperationException("no step reads options");
        }

        @Override
        public void output(Object output, Instant timestamp, BoundedWindow window) {
          Step.this.output(output);
        }

        @Override
        public <T> void output(TupleTag<T> tag, T output, Instant timestamp, BoundedWindow window) {
          throw new UnsupportedOperationException("no step has a second output");
        }
      };
    }
  }

  private static final class Graph extends Pipeline.PipelineVisitor.Defaults {
    private final String read;
    private final Map<PValue, TransformHierarchy.Node> consumers = new HashMap<>();
    private final List<Object> elements = new ArrayList<>();
    private TransformHierarchy.Node first;

    Graph(String read) {
      this.read = read;
    }

    @Override
    public CompositeBehavior enterCompositeTransform(TransformHierarchy.Node node) {
      if (node.getTransform() instanceof Create.Values<?> created
          && node.getFullName().startsWith(read)) {
        created.getElements().forEach(elements::add);
      }
      return CompositeBehavior.ENTER_TRANSFORM;
    }

    @Override
    public void visitPrimitiveTransform(TransformHierarchy.Node node) {
      node.getInputs().values().forEach(input -> consumers.put(input, node));
      if (node.getFullName().startsWith(read + "/Read/")) {
        first = node;
      }
    }

    private List<Step> chain() {
      List<Step> steps = new ArrayList<>();
      TransformHierarchy.Node node = first;
      while (node != null && node.getTransform() instanceof ParDo.MultiOutput<?, ?> step) {
        PCollection<?> output = (PCollection<?>) node.getOutputs().get(step.getMainOutputTag());
        steps.add(new Step(name(node), output, copy(step.getFn())));
        node = consumers.get(output);
      }
      return steps;
    }

    private static String name(TransformHierarchy.Node node) {
      return node.getFullName().replaceFirst("/ParMultiDo\\(.*", "");
    }

    /** As a worker gets it. */
    @SuppressWarnings("unchecked") // the steps of a pipeline fit together
    private static DoFn<Object, Object> copy(DoFn<?, ?> fn) {
      return (DoFn<Object, Object>) SerializableUtils.clone(fn);
    }
  }
}
