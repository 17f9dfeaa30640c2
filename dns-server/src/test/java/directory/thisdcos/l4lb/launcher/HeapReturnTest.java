package directory.thisdcos.l4lb.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.sun.management.HotSpotDiagnosticMXBean;
import directory.thisdcos.l4lb.dns.Tables;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HeapReturnTest {
    private static final long LIMIT_SECONDS = 30;

    @Test
    void collectsForAWhileAfterTheTableHasChangedMuch() throws InterruptedException {
        BlockingQueue<Boolean> told = new LinkedBlockingQueue<>();
        HeapReturn heap = new HeapReturn(Duration.ofMillis(50), told::add);
        heap.served(Tables.large(100));
        assertEquals(false, told.poll(LIMIT_SECONDS, TimeUnit.SECONDS), "the table has been as it is for a while");
        heap.served(Tables.large(105));
        assertNull(told.poll(), "a small change is nothing");
        heap.served(Tables.large(200));
        assertEquals(true, told.poll(LIMIT_SECONDS, TimeUnit.SECONDS));
        assertEquals(false, told.poll(LIMIT_SECONDS, TimeUnit.SECONDS));
    }

    @Test
    void setsTheOptionOfTheJvmAndPutsItBack() {
        HotSpotDiagnosticMXBean machine = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        machine.setVMOption(HeapReturn.OPTION, "86400000");
        HeapReturn.Option option = new HeapReturn.Option(HeapReturn.OPTION);
        option.set(false);
        assertEquals("0", machine.getVMOption(HeapReturn.OPTION).getValue());
        option.set(true);
        assertEquals("86400000", machine.getVMOption(HeapReturn.OPTION).getValue());
        machine.setVMOption(HeapReturn.OPTION, "0");
        new HeapReturn.Option("NoSuchOption").set(false);
    }
}
