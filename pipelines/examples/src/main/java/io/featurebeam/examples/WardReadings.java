package io.featurebeam.examples;

import io.featurebeam.examples.Event.Planted;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Readings of the monitors of a ward: a reading of each patient a minute, with blood pressure every
 * quarter of an hour; a sensor that comes off gives nothing for half an hour or more. Among them
 * deteriorations of three kinds are planted, which end when somebody helps:
 *
 * <ul>
 *   <li><i>desaturation</i>: oxygen falls by 12 to 16 points within 60 to 90 minutes
 *   <li><i>shock</i>: the heart rate rises by 55 to 75 within as long, and blood pressure falls by
 *       as much
 *   <li><i>apnea</i>: from one minute to the next oxygen is at 78 to 84, for 6 to 10 minutes
 * </ul>
 */
public final class WardReadings implements Events {

  private static final long MINUTE = 60_000_000L;
  private static final int HELP = 30; // minutes until all is as before

  private final SplittableRandom random;
  private final List<Patient> patients = new ArrayList<>();
  private final int readingsPerCase;
  private final long start;
  private long turn;
  private long made;
  private int cases;

  /** A planted case, in minutes since it began. */
  private record Case(Planted planted, long began, int minutes, double size) {

    /** How bad it is, from 0 to 1; less than 0 once it is over. */
    double severity(long minute) {
      double since = minute - began;
      boolean isSudden = planted.kind().equals("apnea");
      if (since <= minutes) {
        return isSudden ? 1 : since / minutes;
      }
      int help = isSudden ? 2 : HELP;
      return since <= minutes + help ? 1 - (since - minutes) / help : -1;
    }
  }

  private static final class Patient {
    private final String number;
    private final String bed;
    private final int second;
    private final double heartRate;
    private final double oxygen;
    private final double systolic;
    private double drift;
    private long offUntil = Long.MIN_VALUE;
    private @Nullable Case ill;

    Patient(int i, SplittableRandom random) {
      number = String.format(Locale.ROOT, "p%03d", i);
      bed = String.format(Locale.ROOT, "%d-%d", 1 + i / 4, 1 + i % 4);
      second = random.nextInt(60);
      heartRate = 62 + random.nextInt(28);
      oxygen = 95 + 3 * random.nextDouble();
      systolic = 108 + random.nextInt(28);
    }
  }

  private WardReadings(long seed, Instant start, int patients, int readingsPerCase) {
    this.random = new SplittableRandom(seed);
    this.start = start.getEpochSecond() * 1_000_000L;
    this.readingsPerCase = readingsPerCase;
    for (int i = 0; i < patients; i++) {
      this.patients.add(new Patient(i, random));
    }
    this.patients.sort((a, b) -> Integer.compare(a.second, b.second));
  }

  /**
   * Of 40 patients, a case among every 1,500 readings.
   *
   * @param start when the first may be
   */
  public static WardReadings of(long seed, Instant start) {
    return new WardReadings(seed, start, 40, 1500);
  }

  @Override
  public Event next() {
    while (true) {
      Patient patient = patients.get((int) (turn % patients.size()));
      long minute = turn++ / patients.size();
      patient.drift = 0.98 * patient.drift + 0.2 * random.nextGaussian();
      if (patient.ill != null && patient.ill.severity(minute) < 0) {
        patient.ill = null;
      }
      if (patient.ill == null && random.nextInt(1000) == 0) {
        patient.offUntil = minute + 30 + random.nextInt(60);
      }
      if (minute < patient.offUntil) {
        continue;
      }
      if (made++ % readingsPerCase == readingsPerCase / 2 && patient.ill == null) {
        patient.ill = fallIll(minute);
      }
      return event(patient, minute);
    }
  }

  private Case fallIll(long minute) {
    int kind = cases % 3;
    Planted planted =
        new Planted(
            ++cases,
            switch (kind) {
              case 0 -> "desaturation";
              case 1 -> "shock";
              default -> "apnea";
            });
    int minutes = kind == 2 ? 6 + random.nextInt(5) : 60 + random.nextInt(31);
    double size = kind == 1 ? 55 + random.nextInt(21) : 12 + 4 * random.nextDouble();
    return new Case(planted, minute, minutes, size);
  }

  private Event event(Patient patient, long minute) {
    Case ill = patient.ill;
    double fall = ill == null ? 0 : ill.severity(minute) * ill.size;
    boolean isShock = ill != null && ill.planted.kind().equals("shock");
    double heartRate =
        patient.heartRate + 3 * patient.drift + 2 * random.nextGaussian() + (isShock ? fall : 0);
    double oxygen =
        patient.oxygen + 0.3 * patient.drift + 0.5 * random.nextGaussian() - (isShock ? 0 : fall);
    double systolic = patient.systolic + 4 * random.nextGaussian() - (isShock ? fall : 0);
    String id = String.format(Locale.ROOT, "r%07d", made);
    long at = start + minute * MINUTE + patient.second * 1_000_000L;
    boolean hasPressure = minute % 15 == patient.second % 15;
    return new Event(
        id,
        patient.number,
        at,
        json(id, patient, at, heartRate, Math.min(100, oxygen), hasPressure ? systolic : null),
        // What a sensor that is touched or hangs loose says.
        random.nextBoolean()
            ? json(id, patient, at, 0, Math.min(100, oxygen), null)
            : json(id, patient, at, heartRate, 127, null),
        ill == null ? null : ill.planted);
  }

  private static String json(
      String id,
      Patient patient,
      long at,
      double heartRate,
      double oxygen,
      @Nullable Double systolic) {
    String pressure =
        systolic == null
            ? ""
            : String.format(
                Locale.ROOT,
                ",\"systolic\":%d,\"diastolic\":%d",
                Math.round(systolic),
                Math.round(systolic * 0.64));
    return String.format(
        Locale.ROOT,
        "{\"reading\":\"%s\",\"patient\":\"%s\",\"bed\":\"%s\",\"read_at\":\"%s\","
            + "\"heart_rate\":%d,\"oxygen\":%.1f%s}",
        id,
        patient.number,
        patient.bed,
        Instant.ofEpochSecond(at / 1_000_000L),
        Math.round(heartRate),
        oxygen,
        pressure);
  }
}
