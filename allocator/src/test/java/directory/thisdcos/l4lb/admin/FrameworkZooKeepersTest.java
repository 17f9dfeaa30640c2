package directory.thisdcos.l4lb.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class FrameworkZooKeepersTest {

    @Test
    void nothingIsToldThatNobodySaid() {
        assertEquals(Optional.empty(), FrameworkZooKeepers.NONE.of("kafka"));
        FrameworkZooKeepers kafka = FrameworkZooKeepers.parse(List.of("kafka=zk:2181/dcos-service-{framework}"));
        assertEquals(Optional.of("zk:2181/dcos-service-kafka"), kafka.of("kafka"));
        assertEquals(Optional.empty(), kafka.of("cassandra"));
    }

    @Test
    void aFrameworksOwnTextGoesBeforeThatOfAll() {
        FrameworkZooKeepers both = FrameworkZooKeepers.parse(
                List.of("a:2181,b:2181/dcos-service-{framework}", "/team/kafka=[fd00::1]:2181/kafka"));
        assertEquals(Optional.of("[fd00::1]:2181/kafka"), both.of("team/kafka"));
        assertEquals(Optional.of("a:2181,b:2181/dcos-service-team__hdfs"), both.of("/team/hdfs"));
    }

    @Test
    void whatIsNoConnectStringIsRefusedWithTheFix() {
        for (String wrong : List.of("kafka", "=zk:2181", "kafka=", "kafka=zk", "kafka=zk:2181 /x", "zk:port/x")) {
            String message = assertThrows(
                            IllegalArgumentException.class, () -> FrameworkZooKeepers.parse(List.of(wrong)), wrong)
                    .getMessage();
            assertTrue(String.valueOf(message).contains("write for example"), message);
        }
        assertThrows(IllegalArgumentException.class, () -> FrameworkZooKeepers.parse(List.of("k=a:1", "/k=b:1")));
    }
}
