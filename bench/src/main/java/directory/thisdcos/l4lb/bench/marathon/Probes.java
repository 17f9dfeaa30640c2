package directory.thisdcos.l4lb.bench.marathon;

import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.ServiceName;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.VirtualService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Matches what was sent with what was seen. A change that was undone before anyone saw it counts as missed. */
final class Probes {
    private record Change(int app, boolean alive, long nanos) {}

    private final List<Change> sent = new ArrayList<>();
    private final List<Change> seen = new ArrayList<>();
    private final boolean[] alive = new boolean[LoadServer.PROBES];
    private final ServiceKey[] keys = new ServiceKey[LoadServer.PROBES];

    Probes() {
        Arrays.fill(alive, true);
        for (int i = 0; i < keys.length; i++) {
            try {
                keys[i] = new ServiceKey(ServiceName.of(LoadServer.name(i), "marathon"), Protocol.TCP, 80);
            } catch (directory.thisdcos.l4lb.model.InvalidVipException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    synchronized void sent(int app, boolean nowAlive, long nanos) {
        sent.add(new Change(app, nowAlive, nanos));
    }

    synchronized void seen(State state) {
        long now = System.nanoTime();
        for (int i = 0; i < keys.length; i++) {
            Optional<VirtualService> service = state.service(keys[i]);
            if (service.isPresent()) {
                boolean nowAlive = service.get().backends().values().stream()
                        .filter(backend -> backend.task().endsWith("-000000000000"))
                        .allMatch(Probes::isAlive);
                if (nowAlive != alive[i]) {
                    alive[i] = nowAlive;
                    seen.add(new Change(i, nowAlive, now));
                }
            }
        }
    }

    private static boolean isAlive(Backend backend) {
        return backend.weight() > 0;
    }

    private synchronized int missing() {
        return sent.size() - seen.size();
    }

    String result(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        while (missing() > 0 && System.nanoTime() < end) {
            try {
                TimeUnit.MILLISECONDS.sleep(10);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return text();
    }

    private synchronized String text() {
        List<Long> lags = new ArrayList<>();
        for (int app = 0; app < LoadServer.PROBES; app++) {
            List<Change> from = of(sent, app);
            List<Change> to = of(seen, app);
            int j = 0;
            for (Change change : from) {
                while (j < to.size() && (to.get(j).nanos < change.nanos || to.get(j).alive != change.alive)) {
                    j++;
                }
                if (j < to.size()) {
                    lags.add(to.get(j++).nanos - change.nanos);
                }
            }
        }
        lags.sort(null);
        int count = sent.size();
        sent.clear();
        seen.clear();
        return String.format(
                "probes=%d missed=%d p50=%.1fms p90=%.1fms p99=%.1fms max=%.1fms",
                count, count - lags.size(), at(lags, 0.5), at(lags, 0.9), at(lags, 0.99), at(lags, 1));
    }

    private static List<Change> of(List<Change> all, int app) {
        return all.stream().filter(change -> change.app == app).toList();
    }

    private static double at(List<Long> lags, double share) {
        return lags.isEmpty() ? Double.NaN : lags.get((int) Math.min(lags.size() - 1, share * lags.size())) / 1e6;
    }
}
