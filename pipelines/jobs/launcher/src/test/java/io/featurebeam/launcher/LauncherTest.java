package io.featurebeam.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

class LauncherTest {

  @Test
  void anotherRuntimeIsToldWhatIsNeeded() {
    String way =
        " of /opt/jdk (set JAVA_HOME to one of these; on a cluster, for all of its processes)";
    assertEquals(
        "FeatureBeam runs on Java 17 and 21, and this is Java 11" + way,
        Launcher.problem("11", "/opt/jdk"));
    assertEquals(
        "FeatureBeam runs on Java 17 and 21, and this is Java 8" + way,
        Launcher.problem("1.8", "/opt/jdk"));
    assertEquals(
        "FeatureBeam runs on Java 17 and 21, and this is Java 25" + way,
        Launcher.problem("25", "/opt/jdk"));
  }

  @Test
  void runtimeThatWorksIsTaken() {
    assertNull(Launcher.problem("17", "/opt/jdk"));
    assertNull(Launcher.problem("21", "/opt/jdk"));
  }

  @Test
  void itsClassFileIsReadByJava8() throws IOException {
    try (InputStream in = Launcher.class.getResourceAsStream("Launcher.class");
        DataInputStream data = new DataInputStream(in)) {
      assertEquals(0xCAFEBABE, data.readInt());
      assertEquals(0, data.readUnsignedShort());
      assertEquals(52, data.readUnsignedShort());
    }
  }
}
