package org.spooldir.benchmarks;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.sqlite.SQLiteErrorCode;

/**
 * A table of SQLite in WAL mode. With {@code synchronous=FULL} every commit survives power loss,
 * which is what FULL promises, and ENQUEUE of a producer; with {@code NORMAL} the last ones may be
 * lost, as with ENQUEUE of a worker; with {@code OFF} nothing is forced, as with PROCESS. It has
 * one writer at a time, so the threads of a process share a connection: with one for each they
 * would wait asleep for each other's locks.
 */
final class SqliteQueue implements Queue {

  private static final String CLAIM =
      "UPDATE jobs SET claimed = 1 WHERE id = (SELECT id FROM jobs WHERE claimed = 0 ORDER BY id LIMIT 1)"
          + " RETURNING id, payload";
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration PAUSE = Duration.ofMillis(1);

  private final Level level;
  private final Connection connection;
  private final PreparedStatement put;
  private final PreparedStatement claim;
  private final PreparedStatement complete;
  private boolean produces;

  SqliteQueue(Path directory, Level level) throws SQLException {
    this.level = level;
    connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("queue.sqlite"));
    pragma("busy_timeout = " + PATIENCE.toMillis());
    switchToWal();
    pragma("synchronous = NORMAL");
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE IF NOT EXISTS jobs (id INTEGER PRIMARY KEY, claimed INTEGER NOT NULL DEFAULT 0, payload BLOB)");
    }
    put = connection.prepareStatement("INSERT INTO jobs (payload) VALUES (?)");
    claim = connection.prepareStatement(CLAIM);
    complete = connection.prepareStatement("DELETE FROM jobs WHERE id = ?");
    pragma("synchronous = " + ofWorker());
  }

  private String ofProducer() {
    return level == Level.PROCESS ? "OFF" : "FULL";
  }

  private String ofWorker() {
    return switch (level) {
      case PROCESS -> "OFF";
      case ENQUEUE -> "NORMAL";
      case FULL -> "FULL";
    };
  }

  /**
   * SQLite does not wait for this lock, however long its busy timeout: it reads the mode first, and
   * two that read would wait for each other. Who opens a new database beside others asks again.
   */
  private void switchToWal() throws SQLException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try (Statement statement = connection.createStatement();
          ResultSet mode = statement.executeQuery("PRAGMA journal_mode = WAL")) {
        if (!mode.getString(1).equals("wal")) {
          throw new SQLException("no WAL here, but " + mode.getString(1));
        }
        return;
      } catch (SQLException e) {
        if (e.getErrorCode() != SQLiteErrorCode.SQLITE_BUSY.code || System.nanoTime() - end > 0) {
          throw e;
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  private void promise(boolean asProducer) throws SQLException {
    if (produces != asProducer) {
      produces = asProducer;
      pragma("synchronous = " + (asProducer ? ofProducer() : ofWorker()));
    }
  }

  private void pragma(String what) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA " + what);
    }
  }

  @Override
  public synchronized void put(byte[] payload) throws SQLException {
    promise(true);
    put.setBytes(1, payload);
    put.executeUpdate();
  }

  @Override
  public synchronized void putAll(byte[] payload, int count) throws SQLException {
    promise(true); // SQLite does not take it within a transaction
    connection.setAutoCommit(false);
    for (int i = 0; i < count; i++) {
      put(payload);
    }
    connection.commit();
    connection.setAutoCommit(true);
  }

  @Override
  public synchronized boolean take() throws SQLException {
    promise(false);
    long id;
    try (ResultSet row = claim.executeQuery()) {
      if (!row.next()) {
        return false;
      }
      id = row.getLong(1);
      row.getBytes(2);
    }
    complete.setLong(1, id);
    complete.executeUpdate();
    return true;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
