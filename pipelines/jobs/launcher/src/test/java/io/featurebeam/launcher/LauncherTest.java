package io.featurebeam.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

class LauncherTest {

  @Test
  void olderRuntimeIsToldWhatIsNeeded() {
    String way =
        " of /opt/jdk (set JAVA_HOME to a later one; on a cluster, for all of its processes)";
    assertEquals(
        "FeatureBeam needs Java 17 or later, and this is Java 11" + way,
        Launcher.problem("11", "/opt/jdk"));
    assertEquals(
        "FeatureBeam needs Java 17 or later, and this is Java 8" + way,
        Launcher.problem("1.8", "/opt/jdk"));
  }

  @Test
  void laterRuntimeIsTaken() {
    assertNull(Launcher.problem("17", "/opt/jdk"));
    assertNull(Launcher.problem("25", "/opt/jdk"));
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
