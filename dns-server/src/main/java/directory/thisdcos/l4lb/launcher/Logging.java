package directory.thisdcos.l4lb.launcher;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs one line per event to standard error. In code because reading an XML file costs a tenth of a second at each
 * start.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class Logging extends ContextAwareBase implements Configurator {

    /** The levels of {@code --log-level}. */
    enum Level {
        ERROR,
        WARN,
        INFO,
        DEBUG
    }

    /** Waits for another thread that does the same: meanwhile the factory would be none of Logback's. */
    static synchronized void load() {
        LoggerFactory.getILoggerFactory();
    }

    static void set(Level level) {
        load();
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.getLogger("directory.thisdcos.l4lb").setLevel(ch.qos.logback.classic.Level.toLevel(level.name()));
    }

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0}: %msg%n%ex");
        encoder.start();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(ch.qos.logback.classic.Level.WARN);
        root.addAppender(appender);
        context.getLogger("directory.thisdcos.l4lb").setLevel(ch.qos.logback.classic.Level.INFO);
        // ZooKeeper and Curator log every lost connection with a stack trace; our own state says it in one line.
        context.getLogger("org.apache.curator").setLevel(ch.qos.logback.classic.Level.OFF);
        context.getLogger("org.apache.zookeeper").setLevel(ch.qos.logback.classic.Level.ERROR);
        context.getLogger("org.apache.zookeeper.client").setLevel(ch.qos.logback.classic.Level.OFF);
        context.getLogger("org.apache.zookeeper.ClientCnxn").setLevel(ch.qos.logback.classic.Level.OFF);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
