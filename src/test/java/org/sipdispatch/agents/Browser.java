package org.sipdispatch.agents;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The Chromium of this host, driven as people use it. It is started once for all tests of this process that need it.
 * They are skipped where there is none.
 */
public final class Browser implements AutoCloseable {
    private static final int PATIENCE_MS = 15_000;
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");

    private static com.microsoft.playwright.Browser chromium;

    private final List<BrowserContext> contexts = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();

    private Browser() {}

    private static com.microsoft.playwright.Browser launch(Path executable) {
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        Runtime.getRuntime().addShutdownHook(new Thread(playwright::close));
        return playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(executable)
                        .setArgs(List.of("--no-sandbox", "--disable-dev-shm-usage")));
    }

    /** Skips the test where there is none. */
    public static void assumePresent() {
        Assumptions.assumeTrue(isPresent(), "no chromium on this host");
    }

    public static boolean isPresent() {
        return executable().isPresent();
    }

    private static Optional<Path> executable() {
        return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Opens pages for a test or a class of tests, or skips the test. */
    public static synchronized Browser start() {
        assumePresent();
        if (chromium == null) {
            PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MS);
            chromium = launch(executable().orElseThrow());
        }
        return new Browser();
    }

    /** How a page is looked at. */
    public record Look(int width, int height, ColorScheme scheme) {
        public static final Look DESKTOP = new Look(1440, 900, ColorScheme.LIGHT);
        public static final Look DARK = new Look(1440, 900, ColorScheme.DARK);
        public static final Look PHONE = new Look(360, 780, ColorScheme.LIGHT);
    }

    /** A page of its own, with nothing kept from others. */
    public Page open(String url, Look look) {
        return open(url, look, false);
    }

    /** The same, and the page connects to servers with any certificate. */
    public Page openTrusting(String url, Look look) {
        return open(url, look, true);
    }

    private Page open(String url, Look look, boolean trusting) {
        BrowserContext context = chromium.newContext(new com.microsoft.playwright.Browser.NewContextOptions()
                .setViewportSize(look.width(), look.height())
                .setIgnoreHTTPSErrors(trusting)
                .setColorScheme(look.scheme()));
        contexts.add(context);
        context.setDefaultTimeout(PATIENCE_MS);
        Page page = context.newPage();
        page.onPageError(complaints::add);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") && !message.text().startsWith("Failed to load resource")) {
                complaints.add(message.text());
            }
        });
        page.navigate(url);
        return page;
    }

    /** What went wrong in pages: exceptions, and what the policy of the page forbade. */
    public List<String> complaints() {
        return List.copyOf(complaints);
    }

    public static void screenshot(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve(name + ".png")));
    }

    /** Closes the pages. */
    @Override
    public void close() {
        contexts.forEach(BrowserContext::close);
    }
}
