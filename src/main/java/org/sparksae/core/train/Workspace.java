package org.sparksae.core.train;

import java.lang.ref.SoftReference;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.nn.Autoencoder;
import org.sparksae.core.rows.Batch;
import org.sparksae.core.rows.GatheredRows;

/**
 * Buffers for one task and partition. They are borrowed for one call and reused by the next.
 *
 * <p>Otherwise a step on a small batch would spend its time allocating and clearing arrays. The
 * garbage collector may take free buffers if memory runs short.
 */
public final class Workspace implements AutoCloseable {
  private static final ConcurrentHashMap<Key, Queue<SoftReference<Workspace>>> FREE =
      new ConcurrentHashMap<>();

  private record Key(AutoencoderSpec spec, int rows) {}

  private final Key key;
  private final Autoencoder autoencoder;
  private final GatheredRows gatheredRows;
  private float[] gradient;

  private Workspace(Key key) {
    this.key = key;
    this.autoencoder = new Autoencoder(key.spec(), key.rows());
    this.gatheredRows = new GatheredRows(key.rows(), key.spec().cut());
  }

  /** Borrows buffers for a batch of a model. {@link #close} returns them. */
  public static Workspace lend(AutoencoderSpec spec, Batch batch) {
    long rows = batch.isAll() ? Long.MAX_VALUE : batch.to() - batch.from();
    // A batch may be empty, but buffers must not be.
    Key key =
        new Key(spec.withSparsityTimes(0), (int) Math.max(1, Math.min(spec.tileRows(), rows)));
    Queue<SoftReference<Workspace>> free =
        FREE.computeIfAbsent(key, unused -> new ConcurrentLinkedQueue<>());
    SoftReference<Workspace> next = free.poll();
    while (next != null) {
      Workspace workspace = next.get();
      if (workspace != null) {
        workspace.autoencoder.parametersChanged();
        return workspace.with(spec);
      }
      next = free.poll();
    }
    return new Workspace(key).with(spec);
  }

  /** Its key does not have the weights of the penalties, which may change from step to step. */
  private Workspace with(AutoencoderSpec spec) {
    autoencoder.takeSparsityWeights(spec);
    return this;
  }

  public Autoencoder autoencoder() {
    return autoencoder;
  }

  public GatheredRows gatheredRows() {
    return gatheredRows;
  }

  /** A flat gradient with arbitrary content. */
  float[] gradient() {
    if (gradient == null) {
      gradient = new float[key.spec().layout().size()];
    }
    return gradient;
  }

  @Override
  public void close() {
    FREE.get(key).add(new SoftReference<>(this));
  }
}
