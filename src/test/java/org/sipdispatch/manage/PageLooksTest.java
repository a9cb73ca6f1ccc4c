package org.sipdispatch.manage;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ReducedMotion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.agents.Browser;
import org.sipdispatch.agents.Browser.Look;

/** The page is readable on a phone, in light and dark mode, with low contrast vision and by screen readers. */
class PageLooksTest extends BrowsedPage {
    private static final String HELD = "default:2:sip:10.2.0.3:5060";
    private static final String[] VIEWS = {"destinations", "traffic", "history", "cluster", "pick"};

    private final List<String> ids = new ArrayList<>();

    @BeforeEach
    void aClusterAtWork() {
        for (int set = 1; set <= 3; set++) {
            for (int i = 1; i <= 8; i++) {
                String state = set == 2 && i == 3 ? "Inactive" : set == 1 && i < 3 ? "Probing" : "Active";
                var row = FakeNodeData.row("default", set, "sip:10." + set + ".0." + i + ":5060", state);
                row.put("busy", set == 3 && i == 4).put("temporary", set == 3 && i == 8);
                node.add(row);
                ids.add(row.get("id").asText());
            }
        }
        node.add(FakeNodeData.row(
                        "trunks",
                        7,
                        "sips:a-very-long-name-of-a-carrier.interconnect.example.com:5061;transport=tls",
                        "Active")
                .put("attrs", "cc=49;codecs=PCMA,PCMU,G729;limit=500;notify=noc")
                .put("description", "carrier"));
        for (int i = 1; i < 30; i++) {
            boolean order = i % 6 == 0;
            node.remember(FakeNodeData.entry(
                    i,
                    ids.get(i % ids.size()),
                    order ? "" : i % 3 == 0 ? "Probing" : "Active",
                    order ? "ops (10.0.9.4)" : "probe",
                    order ? "new firmware; done" : i % 3 == 0 ? "no reply" : "reply 200"));
        }
        node.openCalls(9);
        node.limits(
                FakeNodeData.limit(ids.get(0), 500, 320, 180),
                FakeNodeData.limit(ids.get(1), 2500, 320, 180),
                FakeNodeData.limit(ids.get(1) + " / pstn", 30, 10, 2));
    }

    @Override
    void open(Look look) {
        super.open(look);
        assertThat(page.locator("#live")).hasText("● live");
        Awaitility.await().until(() -> node.lookers() == 1);
        long nowMs = System.currentTimeMillis();
        for (int second = 0; second <= 400; second += 2) {
            node.carried(FakeNodeData.traffic(nowMs - 1000L * (400 - second), second, ids));
        }
        assertThat(page.locator("#rows .c-latency").first()).containsText("/");
    }

    private void show(String view) {
        page.navigate(node.url() + "#/" + view);
        assertThat(page.locator("#" + view)).isVisible();
    }

    @ParameterizedTest
    @CsvSource({"DESKTOP, light", "DARK, dark", "PHONE, phone"})
    void everyViewIsKeptAsAPicture(String look, String name) {
        open(look(look));
        for (String view : VIEWS) {
            show(view);
            if (view.equals("pick")) {
                page.locator("#pick-form button").click();
                assertThat(page.locator("#pick-result .plain")).isVisible();
            }
            Browser.screenshot(page, name + "-" + view);
        }
        show("destinations");
        page.locator("tr[data-id='" + HELD + "']").click();
        assertThat(page.locator("#panel .entries")).isVisible();
        Browser.screenshot(page, name + "-details");
    }

    private static Look look(String name) {
        return switch (name) {
            case "DARK" -> Look.DARK;
            case "PHONE" -> Look.PHONE;
            default -> Look.DESKTOP;
        };
    }

    @Test
    void aPhoneNeverScrollsSideways() {
        open(Look.PHONE);
        for (String view : VIEWS) {
            show(view);
            assertThat(page.evaluate("() => document.documentElement.scrollWidth"))
                    .as(view)
                    .isEqualTo(360);
        }
        page.locator("#pick-form button").click();
        assertThat(page.locator("#pick-result .plain")).isVisible();
        assertThat(page.evaluate("() => document.documentElement.scrollWidth"))
                .as("pick")
                .isEqualTo(360);
        assertThat((Integer) page.evaluate("() => document.querySelector('#pick-result .card').offsetWidth"))
                .isLessThan(360);
        show("destinations");
        page.locator("tr[data-id='" + HELD + "']").click();
        assertThat(page.locator("#panel .entries")).isVisible();
        assertThat(page.evaluate("() => document.getElementById('panel').scrollWidth"))
                .isEqualTo(360);
    }

    @ParameterizedTest
    @ValueSource(strings = {"DESKTOP", "DARK", "PHONE"})
    void textStandsOutFromItsGround(String look) {
        open(look(look));
        for (String view : VIEWS) {
            show(view);
            assertThat(pale()).as(view).isEmpty();
        }
        show("destinations");
        page.locator("tr[data-id='" + HELD + "']").click();
        assertThat(page.locator("#panel .entries")).isVisible();
        assertThat(pale()).as("details").isEmpty();
    }

    /** Texts with a contrast below WCAG 2.1 AA. */
    private List<?> pale() {
        return (List<?>) page.evaluate(script("contrast.js"));
    }

    @Test
    void everythingThatCanBeUsedHasAName() {
        open(Look.DESKTOP);
        page.locator("tr[data-id='" + HELD + "']").click();
        assertThat((List<?>) page.evaluate(script("names.js"))).isEmpty();
        page.keyboard().press("Escape");
        page.locator("#add").click();
        assertThat((List<?>) page.evaluate(script("names.js"))).isEmpty();
    }

    @Test
    void aStateIsTheSameWordAndShapeForThoseWhoSeeNoColours() {
        open(Look.DESKTOP);

        assertThat(page.locator("tr[data-id='" + HELD + "'] .badge")).hasText("■Inactive");
        assertThat(page.locator("tr[data-id='" + HELD + "'] .marks")).hasText("hold");
        assertThat(page.locator("tr[data-id='" + ids.get(0) + "'] .badge")).hasText("▲Probing");
        assertThat(page.locator("tr[data-id='" + ids.get(4) + "'] .badge")).hasText("●Active");
    }

    @Test
    void theSwitchChoosesLightOrDarkAgainstTheSystemAndIsRemembered() {
        open(Look.DARK);
        Object dark = ground();
        page.locator("#theme").click();
        assertThat(page.locator("#theme")).hasText("Theme: light");
        Object light = ground();
        assertThat(light).isNotEqualTo(dark);
        page.reload();

        assertThat(page.locator("#theme")).hasText("Theme: light");
        assertThat(ground()).isEqualTo(light);
    }

    private Object ground() {
        return page.evaluate("() => getComputedStyle(document.body).backgroundColor");
    }

    @Test
    void whoWantsLessMotionSeesNone() {
        open(Look.DESKTOP);
        assertThat(animationOfATurnedRow()).isEqualTo("turned");

        page.emulateMedia(new Page.EmulateMediaOptions().setReducedMotion(ReducedMotion.REDUCE));

        assertThat(animationOfATurnedRow()).isEqualTo("none");
    }

    private Object animationOfATurnedRow() {
        return page.evaluate("() => { const row = document.querySelector('#rows tr'); row.className = 'turned';"
                + " return getComputedStyle(row).animationName; }");
    }

    private static String script(String name) {
        try (InputStream in = PageLooksTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
