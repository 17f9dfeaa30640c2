package directory.thisdcos.l4lb.dns.forward;

import directory.thisdcos.l4lb.dns.wire.ExtendedError;

/** How an exchange ended. */
sealed interface Outcome {

    /** An upstream said something, be it an error of its own. */
    record Answered(Answer answer) implements Outcome {}

    /** No upstream said anything of use. */
    record Failed(ExtendedError reason) implements Outcome {}
}
