package org.sipdispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KnotsTest {
    @Test
    void typesThatDependOnEachOtherInACircleAreAKnot() {
        assertThat(knots(CircleA.class, CircleB.class, CircleB.Inner.class, CircleC.class, OutsideOfCircle.class))
                .containsExactly(Set.of("CircleA", "CircleB", "CircleC"));
    }

    @Test
    void aSealedTypeAndItsCasesAreOneType() {
        assertThat(knots(SealedShape.class, SealedCircle.class)).isEmpty();
    }

    private static Set<Set<String>> knots(Class<?>... types) {
        return Knots.of(new ClassFileImporter().importClasses(types), "org.sipdispatch");
    }
}

/** In a circle with {@link CircleB} and {@link CircleC}. */
record CircleA(CircleB next) {}

/** In the circle by a nested type. */
record CircleB() {
    record Inner(CircleC next) {}
}

record CircleC(List<CircleA> next) {
    CircleA first() {
        return next.get(0);
    }
}

record OutsideOfCircle(CircleA used) {}

sealed interface SealedShape permits SealedCircle {
    static SealedShape any() {
        return new SealedCircle();
    }
}

record SealedCircle() implements SealedShape {}
