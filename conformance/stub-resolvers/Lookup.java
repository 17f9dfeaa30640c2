import java.net.InetAddress;
import java.net.UnknownHostException;

/** Looks names up as programs of the JVM do; prints each with its addresses, or "none". */
class Lookup {
    public static void main(String[] names) {
        for (String name : names) {
            StringBuilder line = new StringBuilder(name);
            try {
                for (InetAddress address : InetAddress.getAllByName(name)) {
                    line.append(' ').append(address.getHostAddress());
                }
            } catch (UnknownHostException e) {
                boolean none = String.valueOf(e.getMessage()).contains("Name or service not known");
                line.append(' ').append(none ? "none" : e.getMessage());
            }
            System.out.println(line);
        }
    }
}
