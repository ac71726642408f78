package io.featurebeam.benchmarks.kernels;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A queue with a running state by two stacks, as a textbook has it: each entry of the front stack
 * holds the state from it to the end of that stack, the back has its numbers and one state of all.
 */
final class PlainTwoStacks {

  /** Sum, count and the k largest numbers; immutable. */
  @SuppressWarnings("ArrayRecordComponent") // read only, and never compared
  private record State(long sum, int count, long[] top) {
    static final State EMPTY = new State(0, 0, new long[0]);

    static State of(long number) {
      return number < 0 ? EMPTY : new State(number, 1, new long[] {number});
    }

    State with(State other, int k) {
      if (count == 0 || other.count == 0) {
        return count == 0 ? other : this;
      }
      long[] merged = new long[Math.min(k, top.length + other.top.length)];
      int a = 0;
      int b = 0;
      for (int i = 0; i < merged.length; i++) {
        boolean first = b == other.top.length || (a < top.length && top[a] >= other.top[b]);
        merged[i] = first ? top[a++] : other.top[b++];
      }
      return new State(sum + other.sum, count + other.count, merged);
    }
  }

  private final int k;
  private final Deque<State> front = new ArrayDeque<>();
  private final Deque<Long> back = new ArrayDeque<>();
  private State ofBack = State.EMPTY;

  PlainTwoStacks(int k) {
    this.k = k;
  }

  /** Adds a number at the end; a negative one stands for null. */
  void push(long number) {
    back.push(number);
    ofBack = ofBack.with(State.of(number), k);
  }

  /** Removes the first. */
  void pop() {
    if (front.isEmpty()) {
      State state = State.EMPTY;
      while (!back.isEmpty()) {
        state = state.with(State.of(back.pop()), k);
        front.push(state);
      }
      ofBack = State.EMPTY;
    }
    front.pop();
  }

  /** Adds the mean and the largest numbers of what is in the queue. */
  void addTo(WindowQueries.Sums sums) {
    State state = front.isEmpty() ? ofBack : front.peek().with(ofBack, k);
    if (state.count() > 0) {
      sums.addMean((double) state.sum() / state.count());
    }
    sums.addTop(state.top(), 0, state.top().length);
  }
}
