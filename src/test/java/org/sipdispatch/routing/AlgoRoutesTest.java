package org.sipdispatch.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import org.junit.jupiter.api.Test;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.spi.AlgoDestination;
import org.sipdispatch.spi.AlgoRequest;
import org.sipdispatch.spi.AlgoRoute;

class AlgoRoutesTest {
    private record Route(String name) implements AlgoRoute {
        @Override
        public long value(AlgoRequest request, AlgoDestination destination) {
            return 0;
        }
    }

    private static AlgoRoutes routes(String... names) {
        return new AlgoRoutes(Arrays.stream(names).<AlgoRoute>map(Route::new).iterator());
    }

    private static void refused(AlgoRoutes routes, String name, String expected) {
        assertThatThrownBy(() -> routes.named("rules[0].select.alg", name))
                .isInstanceOf(SettingException.class)
                .hasMessage("rules[0].select.alg: " + name
                        + " (expected: an algorithm that a jar in the directory extensions provides: " + expected
                        + ")");
    }

    @Test
    void aNameThatNoJarProvidesIsRefusedWithThoseThatExist() {
        AlgoRoutes routes = routes("cheapest", "capacity");

        assertThat(routes.named("alg", "capacity").name()).isEqualTo("capacity");
        refused(routes, "nearest", "capacity, cheapest");
        refused(routes(), "nearest", "there is none");
    }

    @Test
    void oneThatCannotBeUsedIsNamed() {
        refused(
                routes("a", "b b", "a"),
                "b",
                "a; cannot be used: " + name("b b") + "; " + name("a") + " of another one");
    }

    private static String name(String name) {
        return Route.class.getName() + " has the name " + name;
    }

    @Test
    void aBrokenJarDoesNotHideTheOthers() {
        Iterator<AlgoRoute> good = List.<AlgoRoute>of(new Route("a")).iterator();
        AlgoRoutes routes = new AlgoRoutes(new Iterator<>() {
            private boolean broken = true;

            @Override
            public boolean hasNext() {
                return broken || good.hasNext();
            }

            @Override
            public AlgoRoute next() {
                if (broken) {
                    broken = false;
                    throw new ServiceConfigurationError("AlgoRoute: Provider x not found");
                }
                return good.next();
            }
        });

        assertThat(routes.named("alg", "a").name()).isEqualTo("a");
        refused(routes, "x", "a; cannot be used: AlgoRoute: Provider x not found");
    }
}
