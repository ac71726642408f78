package io.featurebeam.integration;

import com.google.api.services.dataflow.model.Job;
import com.google.api.services.dataflow.model.JobMessage;
import com.google.api.services.dataflow.model.JobMetrics;
import com.google.api.services.dataflow.model.ListJobMessagesResponse;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.featurebeam.integration.CloudRequest.Answer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;

/**
 * Cloud Storage and Dataflow on this machine, for the real runner and its clients. What is not of
 * the services' own shape is refused and remembered. No worker runs what is submitted: {@link
 * #onJob} does what a test wants of one.
 */
final class StubCloud implements AutoCloseable {

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final StubStorage storage;
  private final List<Job> jobs = Collections.synchronizedList(new ArrayList<>());
  private final List<String> complaints = Collections.synchronizedList(new ArrayList<>());
  private volatile String state = "JOB_STATE_DONE";
  private volatile BiConsumer<Job, StubStorage> worker = (job, bucket) -> {};

  private StubCloud() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    storage = new StubStorage(root());
    server.createContext("/", this::handle);
    server.start();
  }

  static StubCloud start() throws IOException {
    return new StubCloud();
  }

  private String root() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  StubStorage storage() {
    return storage;
  }

  /** What was submitted. */
  List<Job> jobs() {
    return List.copyOf(jobs);
  }

  /** What clients asked for that the services do not have. */
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  /** Lets jobs end so, after this was done for them. */
  void onJob(String ending, BiConsumer<Job, StubStorage> work) {
    state = ending;
    worker = work;
  }

  /** What makes the runner come here. */
  String[] args() {
    return new String[] {"--apiRootUrl=" + root(), "--gcsEndpoint=" + root() + "storage/v1/"};
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Map<String, String> headers = new TreeMap<>();
      exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
      Answer answer;
      try {
        CloudRequest request =
            CloudRequest.of(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                headers,
                exchange.getRequestBody().readAllBytes());
        answer = request.path().get(0).equals("v1b3") ? dataflow(request) : storage.answer(request);
        if (answer.status() == CloudRequest.UNKNOWN) {
          complaints.add("Unknown request: " + request);
        }
      } catch (RuntimeException | Error e) { // a client tries again for minutes if none answers
        complaints.add(exchange.getRequestURI() + ": " + e);
        answer = Answer.error(400, String.valueOf(e.getMessage()));
      }
      answer.headers().forEach(exchange.getResponseHeaders()::set);
      exchange.sendResponseHeaders(
          answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
      if (answer.body().length > 0) {
        try (OutputStream out = exchange.getResponseBody()) {
          out.write(answer.body());
        }
      }
    }
  }

  private Answer dataflow(CloudRequest request) throws IOException {
    String[] place = {"v1b3", "projects", "a-project", "locations", "us-central1", "jobs"};
    if (request.is("POST", 6, place)) {
      Job job = request.read(Job.class);
      jobs.add(job);
      worker.accept(job, storage);
      return Answer.json(status(job, jobs.size()));
    }
    if (request.is("GET", 7, place)) {
      int number = Integer.parseInt(request.path().get(6).substring("job-".length()));
      return Answer.json(status(jobs.get(number - 1), number));
    }
    if (request.is("GET", 8, place) && request.path().get(7).equals("messages")) {
      return Answer.json(
          new ListJobMessagesResponse()
              .setJobMessages(
                  List.of(
                      new JobMessage()
                          .setId("1")
                          .setTime("2001-01-01T00:00:00.000Z")
                          .setMessageImportance("JOB_MESSAGE_BASIC")
                          .setMessageText("No worker is here."))));
    }
    if (request.is("GET", 8, place) && request.path().get(7).equals("metrics")) {
      return Answer.json(new JobMetrics());
    }
    return request.unknown();
  }

  private Job status(Job submitted, int number) {
    return new Job()
        .setId("job-" + number)
        .setName(submitted.getName())
        .setProjectId("a-project")
        .setLocation("us-central1")
        .setClientRequestId(submitted.getClientRequestId())
        .setType(submitted.getType())
        .setCurrentState(state);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
