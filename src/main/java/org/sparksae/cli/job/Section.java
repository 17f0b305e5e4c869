package org.sparksae.cli.job;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.text.similarity.JaroWinklerSimilarity;
import org.sparksae.core.Text;

/**
 * A section of a job file.
 *
 * @param name path of the section, empty for the whole file
 * @param object its keys and values
 */
public record Section(String name, ConfigObject object) {

  /** Keys at least this similar to an unknown one, from 0 to 1, are suggested in its place. */
  private static final double SIMILAR = 0.85;

  /** Refuses keys other than these; the message suggests the most similar one. */
  public Section only(Collection<String> keys) {
    for (Map.Entry<String, ConfigValue> entry : new TreeMap<>(object).entrySet()) {
      if (!keys.contains(entry.getKey())) {
        throw new Value(path(entry.getKey()), entry.getValue())
            .refusal(
                Text.format(
                    "is not a key; %s keys of %s are %s",
                    similar(entry.getKey(), keys)
                        .map(key -> "did you mean " + key + "? The")
                        .orElse("the"),
                    name.isEmpty() ? "a job file" : name,
                    String.join(", ", keys.stream().sorted().toList())));
      }
    }
    return this;
  }

  /** Returns the key that is most similar to an unknown one, if any is similar. */
  private static Optional<String> similar(String unknown, Collection<String> keys) {
    JaroWinklerSimilarity similarity = new JaroWinklerSimilarity();
    return keys.stream()
        .filter(key -> similarity.apply(unknown, key) >= SIMILAR)
        .max(Comparator.comparingDouble(key -> similarity.apply(unknown, key)));
  }

  public boolean has(String key) {
    return object.containsKey(key);
  }

  /** The section under a key; an empty one if the key is missing. */
  public Section section(String key) {
    ConfigValue value = object.get(key);
    if (value == null) {
      return new Section(path(key), ConfigFactory.empty().root());
    }
    if (value instanceof ConfigObject child) {
      return new Section(path(key), child);
    }
    throw new Value(path(key), value).wrong("a section, " + path(key) + " { ... }");
  }

  /** The sections under all keys, in the order of the keys. */
  public Map<String, Section> sections() {
    Map<String, Section> sections = new LinkedHashMap<>();
    object.keySet().stream().sorted().forEach(key -> sections.put(key, section(key)));
    return sections;
  }

  /** This section without one key. */
  public Section without(String key) {
    return new Section(name, object.withoutKey(key));
  }

  /** This section with another section under a key. */
  public Section with(String key, Section other) {
    return new Section(name, object.withValue(key, other.object()));
  }

  /** This section with other values for some keys. */
  Section with(Map<String, Value> others) {
    ConfigObject more = object;
    for (Map.Entry<String, Value> other : others.entrySet()) {
      more = more.withValue(other.getKey(), other.getValue().value());
    }
    return new Section(name, more);
  }

  /** This section, with the values of another one for the keys that it lacks. */
  public Section orElse(Section other) {
    return object.isEmpty() ? other : new Section(name, object.withFallback(other.object));
  }

  /** The full path of a key. */
  public String path(String key) {
    return name.isEmpty() ? key : name + "." + key;
  }

  /** The value of a key, if the key is there. */
  public Optional<Value> find(String key) {
    return Optional.ofNullable(object.get(key)).map(value -> new Value(path(key), value));
  }

  /**
   * The value of a key that must be there.
   *
   * @param meaning what the value is, for the message
   * @throws IllegalArgumentException if the key is missing
   */
  public Value require(String key, String meaning) {
    return find(key).orElseThrow(() -> missing(path(key), meaning));
  }

  /** The exception for a missing key. */
  public static IllegalArgumentException missing(String path, String meaning) {
    return new IllegalArgumentException(Text.format("%s must be set: %s", path, meaning));
  }

  /** All values by key, in the order of the keys. */
  Map<String, Value> values() {
    Map<String, Value> values = new LinkedHashMap<>();
    new TreeMap<>(object).forEach((key, value) -> values.put(key, new Value(path(key), value)));
    return values;
  }

  /** All values as text, at any depth. Dots join the keys of nested sections, as in Spark. */
  Map<String, String> options() {
    Map<String, String> options = new LinkedHashMap<>();
    for (Map.Entry<String, ConfigValue> entry : object.toConfig().entrySet()) {
      List<String> parts = ConfigUtil.splitPath(entry.getKey());
      String key = String.join(".", parts);
      options.put(key, new Value(path(key), entry.getValue()).asOption());
    }
    return options;
  }
}
