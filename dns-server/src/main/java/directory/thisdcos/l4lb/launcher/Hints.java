package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.admin.AdminView;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.ServiceName;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Vip;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** Says once, on standard error, what a person can try next: when the first name resolves. */
final class Hints {
    private static final int NAMES = 3;
    private static final int PLAN_LINES = 20;

    private final PrintStream err;
    private final Endpoint dns;
    private final Endpoint admin;
    private final Supplier<AdminView.DataPlane> dataPlane;
    private final AtomicBoolean given = new AtomicBoolean();

    Hints(PrintStream err, Endpoint dns, Endpoint admin, Supplier<AdminView.DataPlane> dataPlane) {
        this.err = err;
        this.dns = dns;
        this.admin = admin;
        this.dataPlane = dataPlane;
    }

    /** To be called with each table that is served. */
    void served(State table) {
        if (given.get()) {
            return;
        }
        List<String> names = table.vips()
                .filter(vip -> vip.isLive() && vip.target() instanceof ServiceName)
                .map(Vip::target)
                .sorted()
                .limit(NAMES)
                .map(target -> target.text())
                .toList();
        if (!names.isEmpty() && given.compareAndSet(false, true)) {
            err.print(text(names));
            err.flush();
        }
    }

    private String text(List<String> names) {
        StringBuilder text = new StringBuilder("\nTry next:\n");
        for (String name : names) {
            text.append("  dig @" + dns.ip() + " -p " + dns.port() + " " + name + "\n");
        }
        text.append("  curl http://" + admin + "/v1/vips\n");
        AdminView.DataPlane kernel = dataPlane.get();
        text.append("Kernel: " + kernel.detail() + "\n");
        if (kernel.mode().equals("plan")) {
            appendPlan(kernel.plan().get().lines().toList(), text);
        } else if (kernel.mode().equals("on")) {
            text.append("  ipvsadm -Ln\n");
        }
        return text.append("\n").toString();
    }

    private void appendPlan(List<String> plan, StringBuilder text) {
        text.append("The plan that would be applied:\n");
        plan.stream().limit(PLAN_LINES).forEach(line -> text.append("  " + line + "\n"));
        if (plan.size() > PLAN_LINES) {
            text.append("  ... all " + plan.size() + " lines: curl http://" + admin + "/v1/ipvs/plan\n");
        }
    }
}
