package directory.thisdcos.l4lb.conformance;

import directory.thisdcos.l4lb.source.http.ReplayServer;
import directory.thisdcos.l4lb.source.mesos.Records;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A master with one agent and one task; after it was cut off it answers no more. */
final class ReplayMaster implements ReplayServer.Handler {
    private final BlockingQueue<byte[]> said = new LinkedBlockingQueue<>();
    private volatile boolean isOver;

    void say(String... records) {
        said.add(Records.framed(List.of(records)));
    }

    @Override
    public void handle(ReplayServer.Request request, ReplayServer.Reply reply) throws IOException {
        if (isOver) {
            reply.send(503, "");
            return;
        }
        isOver = true;
        String cluster = Records.cluster(
                Records.agent("a1", "10.0.0.1", ""), "", Records.task("t1", "a1", "TASK_RUNNING", 1001, 100));
        reply.stream(200, "Content-Type: application/json").chunk(Records.framed(List.of(cluster)));
        try {
            while (true) {
                reply.chunk(said.take());
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
