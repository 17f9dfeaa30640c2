package directory.thisdcos.l4lb.dns.answer;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnAddressesTest {

    @Test
    void knowsTheAddressesOfEachInterfaceAndNoOther() throws Exception {
        OwnAddresses own = new OwnAddresses();
        List<InetAddress> all = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .toList();
        assertFalse(all.isEmpty());
        all.forEach(address -> assertTrue(own.contains(address), String.valueOf(address)));
        assertFalse(own.contains(InetAddress.getByAddress(new byte[] {(byte) 203, 0, 113, 77})));
    }
}
