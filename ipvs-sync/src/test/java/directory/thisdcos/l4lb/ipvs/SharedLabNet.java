package directory.thisdcos.l4lb.ipvs;

import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One {@link LabNet} for all tests of a class, each of which finds the kernel as if nobody had ever used it. */
final class SharedLabNet implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {
    private final int backends;
    private @Nullable LabNet net;

    SharedLabNet(int backends) {
        this.backends = backends;
    }

    LabNet net() {
        return Objects.requireNonNull(net);
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        Lab.clean();
        net = LabNet.make(backends);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        Lab.clean();
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        net().close();
    }
}
