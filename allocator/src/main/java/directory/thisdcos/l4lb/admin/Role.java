package directory.thisdcos.l4lb.admin;

import java.util.Locale;
import java.util.Optional;

/** What somebody may do; each may what those before it may. */
enum Role {
    /** See everything. */
    READ,
    /** Declare and withdraw services. */
    WRITE,
    /** Change how the program works for all. */
    ADMIN;

    static Optional<Role> parse(String text) {
        for (Role role : values()) {
            if (role.text().equals(text)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean includes(Role other) {
        return compareTo(other) >= 0;
    }
}
