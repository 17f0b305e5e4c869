package org.sparksae.cli;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.sparksae.core.Text;

/**
 * A section of a job file. Its keys are known: any other is refused.
 *
 * @param name path of the section, empty for the whole file
 * @param object what it holds
 */
record Section(String name, ConfigObject object) {

  /** Refuses keys other than these. */
  Section only(Collection<String> keys) {
    for (Map.Entry<String, ConfigValue> entry : new TreeMap<>(object).entrySet()) {
      if (!keys.contains(entry.getKey())) {
        throw new Value(path(entry.getKey()), entry.getValue())
            .refusal(
                Text.format(
                    "is no key; those of %s are %s",
                    name.isEmpty() ? "a job file" : name,
                    String.join(", ", keys.stream().sorted().toList())));
      }
    }
    return this;
  }

  boolean has(String key) {
    return object.containsKey(key);
  }

  /** The section under a key; empty if there is none. */
  Section section(String key) {
    ConfigValue value = object.get(key);
    if (value == null) {
      return new Section(path(key), ConfigFactory.empty().root());
    }
    if (value instanceof ConfigObject child) {
      return new Section(path(key), child);
    }
    throw new Value(path(key), value).wrong("a section, " + path(key) + " { ... }");
  }

  /** This section but for one key. */
  Section without(String key) {
    return new Section(name, object.withoutKey(key));
  }

  /** This section where it says something, and else the other. */
  Section orElse(Section other) {
    return object.isEmpty() ? other : new Section(name, object.withFallback(other.object));
  }

  /** Full path of a key. */
  String path(String key) {
    return name.isEmpty() ? key : name + "." + key;
  }

  Optional<Value> find(String key) {
    return Optional.ofNullable(object.get(key)).map(value -> new Value(path(key), value));
  }

  /** All values by their keys. */
  Map<String, Value> values() {
    Map<String, Value> values = new LinkedHashMap<>();
    new TreeMap<>(object).forEach((key, value) -> values.put(key, new Value(path(key), value)));
    return values;
  }

  /** All values as text, at any depth; a key of depth is joined by dots, as Spark's options are. */
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
