package org.sparksae;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Rings of classes: each knows the next, and the last one the first. Nested classes count as the
 * class around them. That a sealed type names those it permits makes no ring, as the language asks
 * for it.
 */
final class ClassRings {
  private final Map<String, Set<String>> known = new TreeMap<>();
  private final Map<String, Set<String>> reachable = new HashMap<>();

  private ClassRings(JavaClasses classes) {
    for (JavaClass type : classes) {
      known.computeIfAbsent(topLevel(type), name -> new TreeSet<>());
    }
    for (JavaClass type : classes) {
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        JavaClass to = dependency.getTargetClass().getBaseComponentType();
        String target = topLevel(to);
        if (known.containsKey(target) && !target.equals(topLevel(type)) && !permits(type, to)) {
          known.get(topLevel(type)).add(target);
        }
      }
    }
    known.keySet().forEach(name -> reachable.put(name, shortestPaths(name).keySet()));
  }

  /**
   * All rings, each as the full names of its classes: the largest sets of which every class leads
   * to every other.
   */
  static List<Set<String>> of(JavaClasses classes) {
    return new ClassRings(classes).rings();
  }

  /** The shortest way round a ring, one class a line, and all of its classes. */
  static String describe(JavaClasses classes, Set<String> ring) {
    String first = ring.iterator().next();
    ClassRings all = new ClassRings(classes);
    List<String> way = all.shortestPaths(first).get(first);
    return "ring of %d classes: %s%n  for example %s%n"
        .formatted(ring.size(), String.join(", ", ring), String.join(" -> ", way));
  }

  private List<Set<String>> rings() {
    List<Set<String>> rings = new ArrayList<>();
    Set<String> left = new TreeSet<>(known.keySet());
    while (!left.isEmpty()) {
      String name = left.iterator().next();
      Set<String> ring = new TreeSet<>(reachable.get(name));
      ring.removeIf(other -> !reachable.get(other).contains(name));
      if (!ring.isEmpty()) {
        rings.add(ring);
      }
      left.removeAll(ring);
      left.remove(name);
    }
    return rings;
  }

  /** From a class to all that it leads to, itself only where there is a way back. */
  private Map<String, List<String>> shortestPaths(String from) {
    Map<String, List<String>> paths = new HashMap<>();
    Deque<List<String>> open = new ArrayDeque<>(List.of(List.of(from)));
    while (!open.isEmpty()) {
      List<String> path = open.remove();
      for (String next : known.get(path.get(path.size() - 1))) {
        if (!paths.containsKey(next)) {
          List<String> longer = new ArrayList<>(path);
          longer.add(next);
          paths.put(next, longer);
          open.add(longer);
        }
      }
    }
    return paths;
  }

  private static boolean permits(JavaClass type, JavaClass other) {
    return other.isAssignableTo(type.getName()) && type.reflect().isSealed();
  }

  private static String topLevel(JavaClass type) {
    String name = type.getName();
    int nested = name.indexOf('$');
    return nested < 0 ? name : name.substring(0, nested);
  }
}
