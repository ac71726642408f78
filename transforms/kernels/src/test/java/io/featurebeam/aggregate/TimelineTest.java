package io.featurebeam.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TimelineTest {

  @Test
  void aPlaceIsFoundFromWhereverOneBegins() {
    Random random = new Random(3);
    for (int size = 0; size < 40; size++) {
      LiveItems items = new LiveItems(new States[0]);
      Timeline line = new Timeline(items);
      for (int i = 0; i < size; i++) {
        line.insert(items.add(i, 0, 0), random.nextInt(30));
      }
      for (long time = -1; time <= 31; time++) {
        int place = 0;
        while (place < size && line.time(place) < time) {
          place++;
        }
        assertEquals(place, line.from(time));
        for (int near = -2; near <= size + 1; near++) {
          assertEquals(place, line.from(time, near), time + " near " + near + " of " + size);
        }
      }
    }
  }
}
