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
    /** RFC 9018 §4.3. */
    private static final long MAX_AGE_SECONDS = 3_600;

    private static final long MAX_AHEAD_SECONDS = 300;

    /** One key for all threads: the next query of a client may come to another one. */
    static final ServerCookies OF_THIS_PROCESS = withRandomKey(InstantSource.system());

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
        bytes[at + 8] = 1;
        bytes[at + 9] = 0;
        bytes[at + 10] = 0;
        bytes[at + 11] = 0;
        Wire.put32(bytes, at + 12, clock.instant().getEpochSecond());
        long hash = hash(bytes, at, client);
        for (int i = 0; i < 8; i++) {
            bytes[at + 16 + i] = (byte) (hash >>> (8 * i));
        }
    }

    /** Whether the {@value #SIZE} octets at {@code at} hold a server cookie that we gave this client lately. */
    boolean isOurs(byte[] bytes, int at, InetAddress client) {
        long age = clock.instant().getEpochSecond() - Wire.u32(bytes, at + 12);
        long hash = hash(bytes, at, client);
        long given = 0;
        for (int i = 7; i >= 0; i--) {
            given = given << 8 | (bytes[at + 16 + i] & 0xff);
        }
        return bytes[at + 8] == 1 && hash == given && age <= MAX_AGE_SECONDS && age >= -MAX_AHEAD_SECONDS;
    }

    private long hash(byte[] bytes, int at, InetAddress client) {
        byte[] address = client.getAddress();
        byte[] hashed = new byte[HASHED_BEFORE_ADDRESS + address.length];
        System.arraycopy(bytes, at, hashed, 0, HASHED_BEFORE_ADDRESS);
        System.arraycopy(address, 0, hashed, HASHED_BEFORE_ADDRESS, address.length);
        return SipHash.hash(key0, key1, hashed, hashed.length);
    }
}
