package io.featurebeam.pipelines.cli;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * An option that is a parameter of the Dataflow Flex template too. Its help is the option's
 * description; options without this say what to do instead of a run, or where, and have no meaning
 * there. What a parameter says is {@code runners-config/dataflow/flex-metadata.json}, made of
 * these.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface TemplateParameter {

  /** An object or objects in a bucket. */
  String OBJECT = "^gs://[^/\\n]+/[^\\n]+$";

  /** What {@code --from} and {@code --to} take. */
  String TIME =
      "^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,6})?)?(Z|[+-]\\d{2}:\\d{2})?)?$";

  /** Its name for people. */
  String label();

  /** What a value must match; Dataflow looks before it starts a machine. */
  String regex();

  /** Whether it may be left out. */
  boolean optional() default true;
}
