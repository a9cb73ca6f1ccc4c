package org.sipdispatch.database;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.Properties;
import java.util.logging.Logger;

/**
 * Wraps H2's driver and refuses to open a file on a full disk: an H2 file that is opened repeatedly while writes fail
 * may be damaged for good. The node closes its databases, not H2's shutdown hook.
 */
public final class H2Driver implements Driver {
    static {
        try {
            // HikariCP finds the driver there by its class name.
            DriverManager.registerDriver(new H2Driver());
        } catch (SQLException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static Driver ofH2(String url) throws SQLException {
        for (Driver driver : DriverManager.drivers().toList()) {
            if (!(driver instanceof H2Driver) && driver.acceptsURL(url)) {
                return driver;
            }
        }
        throw new SQLException("no driver for " + new Database(url, null, null).shownUrl());
    }

    @Override
    public Connection connect(String url, Properties properties) throws SQLException {
        if (!acceptsURL(url)) {
            return null;
        }
        Database database = new Database(url, null, null);
        String full = database.fullDisk();
        if (full != null) {
            throw new SQLException(full + ", the database is not opened", Database.DISK_FULL);
        }
        return ofH2(url).connect(database.connectUrl(), properties);
    }

    @Override
    public boolean acceptsURL(String url) {
        return url.startsWith("jdbc:h2:");
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, Properties properties) throws SQLException {
        return ofH2(url).getPropertyInfo(url, properties);
    }

    @Override
    public int getMajorVersion() {
        return 2;
    }

    @Override
    public int getMinorVersion() {
        return 0;
    }

    @Override
    public boolean jdbcCompliant() {
        return true;
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getGlobal();
    }
}
