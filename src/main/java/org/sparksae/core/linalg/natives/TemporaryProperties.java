package org.sparksae.core.linalg.natives;

import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Sets system properties while a library initialises that can be configured only by them, and
 * restores them afterwards.
 */
public final class TemporaryProperties implements AutoCloseable {
  /** One library after the other: they would see, and restore, each other's settings. */
  private static final ReentrantLock LOCK = new ReentrantLock();

  private final Map<String, String> before = new HashMap<>();

  /** Waits until no other thread has set any. */
  public TemporaryProperties() {
    LOCK.lock();
  }

  /** Sets a property, or removes it if {@code value} is null. */
  public TemporaryProperties set(String name, String value) {
    Properties properties = System.getProperties();
    before.putIfAbsent(name, properties.getProperty(name));
    put(name, value);
    return this;
  }

  @Override
  public void close() {
    before.forEach(TemporaryProperties::put);
    LOCK.unlock();
  }

  private static void put(String name, String value) {
    if (value == null) {
      System.clearProperty(name);
    } else {
      System.setProperty(name, value);
    }
  }
}
