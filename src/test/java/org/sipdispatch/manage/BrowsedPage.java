package org.sipdispatch.manage;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.sipdispatch.agents.Browser;
import org.sipdispatch.agents.Browser.Look;

/** A browser with the web page of a scripted node. The browser's console must stay without errors. */
abstract class BrowsedPage {
    private static Browser browser;

    final FakeNode node = new FakeNode();
    Page page;

    @BeforeAll
    static void startBrowser() {
        browser = Browser.start();
    }

    @AfterAll
    static void stopBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @AfterEach
    final void nothingWentWrong() {
        if (page != null) {
            page.context().close();
        }
        node.close();
        assertThat(browser.complaints()).isEmpty();
    }

    void open(Look look) {
        page = browser.open(node.url(), look);
    }
}
