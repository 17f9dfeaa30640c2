package directory.thisdcos.l4lb.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class PlacesTest {
    @Test
    void attributesGoBeforeTheSourceAndLeaveItsWordWhereTheySayNothing() {
        assertEquals("eu/a/r1", Places.over("eu/a/r1", "us/b"));
        assertEquals("us/b/r1", Places.over("//r1", "us/b"));
        assertEquals("/a/", Places.over("/a/", ""));
        assertEquals("us/b", Places.over("//", "us/b"), "no attribute changes nothing");
        assertEquals("", Places.over("//", ""));
        assertEquals("eu/a/r1", Places.over("//r1", "eu/a/old"));
    }

    @Test
    void onlyWhatAttributesFilledIsKeptForANodeThatIsNotHeardOfYet() {
        assertTrue(Places.isFilled("eu/a/r1", ""));
        assertTrue(Places.isFilled("eu/a/r1", "eu/a"));
        assertFalse(Places.isFilled("eu/a", ""), "the source's word, which it took back");
        assertFalse(Places.isFilled("eu/a/r1", "eu/b/r2"));
    }
}
