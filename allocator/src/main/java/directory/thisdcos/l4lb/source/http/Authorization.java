package directory.thisdcos.l4lb.source.http;

import java.util.Optional;

/** What a request says of who sends it. Safe for every thread; its text shows no secret. */
public interface Authorization {

    /** Sends no credentials, except those of a URL itself. */
    Authorization NONE = new Authorization() {
        @Override
        public Optional<String> header() {
            return Optional.empty();
        }

        @Override
        public boolean renewed(String refused) {
            return false;
        }

        @Override
        public String toString() {
            return "no credentials";
        }
    };

    /**
     * The value of the {@code Authorization} header.
     *
     * @throws HttpFailure if it must be fetched first and cannot be
     */
    Optional<String> header() throws HttpFailure;

    /**
     * Says that a server refused a header; whether there is now another one to try.
     *
     * @param refused the value that was sent; empty if none was
     */
    boolean renewed(String refused) throws HttpFailure;

    /** A user and a password that never change. */
    static Authorization basic(BasicLogin login) {
        return new Authorization() {
            @Override
            public Optional<String> header() {
                return Optional.of(login.header());
            }

            @Override
            public boolean renewed(String refused) {
                return false;
            }

            @Override
            public String toString() {
                return "user and password";
            }
        };
    }
}
