package directory.thisdcos.l4lb.dns.forward;

/** How an exchange ended. */
sealed interface Outcome {

    /** What a client gets if there is nothing better. */
    Answer answer();

    /** An upstream said something that can be relied on. */
    record Answered(Answer answer) implements Outcome {}

    /** No upstream did; the answer is an error that one of them gave, or SERVFAIL with our reason. */
    record Failed(Answer answer) implements Outcome {}
}
