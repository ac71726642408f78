package com.example.payments;

import io.featurebeam.pipelines.FeaturePipeline;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** The main job as the command line runs it, in this JVM. */
record Job(int exitCode, String out, String err) {

  static Job run(String... args) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream seenOut = new ByteArrayOutputStream();
    ByteArrayOutputStream seenErr = new ByteArrayOutputStream();
    System.setOut(new PrintStream(seenOut, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(seenErr, true, StandardCharsets.UTF_8));
    try {
      int exitCode = FeaturePipeline.run(args);
      return new Job(
          exitCode,
          seenOut.toString(StandardCharsets.UTF_8),
          seenErr.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }
}
