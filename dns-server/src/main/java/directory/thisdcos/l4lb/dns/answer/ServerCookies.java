package directory.thisdcos.l4lb.dns.answer;

import directory.thisdcos.l4lb.dns.wire.Wire;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.InstantSource;

/**
 * Makes server cookies (RFC 9018 §4). We give a fresh one with every answer and demand none: local stub resolvers must
 * not need a second round trip, and a client that knows cookies is safe from forged answers either way.
 */
final class ServerCookies {
    /** Octets of a client cookie with a server cookie. */
    static final int SIZE = 24;

    private static final int HASHED_BEFORE_ADDRESS = 16;

    private final long key0;
    private final long key1;
    private final InstantSource clock;

    private ServerCookies(long key0, long key1, InstantSource clock) {
        this.key0 = key0;
        this.key1 = key1;
        this.clock = clock;
    }

    static ServerCookies withRandomKey(InstantSource clock) {
        SecureRandom random = new SecureRandom();
        return new ServerCookies(random.nextLong(), random.nextLong(), clock);
    }

    /** Completes the cookie at {@code at}, whose first 8 octets are the client's. */
    void complete(byte[] bytes, int at, InetAddress client) {
        byte[] address = client.getAddress();
        byte[] hashed = new byte[HASHED_BEFORE_ADDRESS + address.length];
        bytes[at + 8] = 1;
        bytes[at + 9] = 0;
        bytes[at + 10] = 0;
        bytes[at + 11] = 0;
        Wire.put32(bytes, at + 12, clock.instant().getEpochSecond());
        System.arraycopy(bytes, at, hashed, 0, HASHED_BEFORE_ADDRESS);
        System.arraycopy(address, 0, hashed, HASHED_BEFORE_ADDRESS, address.length);
        long hash = SipHash.hash(key0, key1, hashed, hashed.length);
        for (int i = 0; i < 8; i++) {
            bytes[at + 16 + i] = (byte) (hash >>> (8 * i));
        }
    }
}
