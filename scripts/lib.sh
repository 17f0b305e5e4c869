# shellcheck shell=bash
# Functions that the scripts in this folder share. Source it; it runs nothing.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
ASSEMBLED_SPARK=$ROOT/target/spark

note() { printf '%s\n' "$*" >&2; }

fail() {
  note "${0##*/}: $*"
  exit 1
}

# Refuses a wrong call, with the exit code that the jar uses for it.
refuse() {
  note "${0##*/}: $*"
  exit 2
}

# Prints the comment block at the head of a script, which is its help text.
usage_of() { sed -n '2,/^[^#]/{/^#/s/^# \{0,1\}//p;}' "$1"; }

java_command() {
  if [[ -n ${JAVA_HOME:-} ]]; then echo "$JAVA_HOME/bin/java"; else echo java; fi
}

require_java() {
  local java version
  java=$(java_command)
  command -v "$java" >/dev/null ||
    fail "no '$java': install a JDK of version 17 or newer, or set JAVA_HOME to one"
  version=$("$java" -XshowSettings:properties -version 2>&1 |
    sed -n 's/^ *java\.specification\.version = //p')
  # Versions with a dot, such as 1.8, are too old in any case.
  [[ $version =~ ^[0-9]+$ && $version -ge 17 ]] ||
    fail "'$java' is Java $version, but 17 or newer is needed: set JAVA_HOME to such a JDK"
}

require_maven() {
  command -v mvn >/dev/null || fail "no 'mvn': install Maven, 3.8 or newer"
}

# Whether a whole build has ended since the sources changed. The last thing that it does is to keep the
# library's jar as original-*.jar and to put the shaded one in its place.
is_built() {
  compgen -G "$ROOT/target/original-*.jar" >/dev/null || return 1
  local jar
  for jar in "$ROOT"/target/*.jar; do
    [[ -z $(find "$ROOT"/pom.xml "$ROOT"/src/main "$ROOT"/src/examples -path "$ROOT"/src/main/python -prune -o -newer "$jar" -print -quit) ]] || return 1
  done
}

build() { (cd "$ROOT" && mvn -q -B -Dmaven.test.skip=true package); }

# The library's jar; the examples' jar has its name with -examples.
library_jar() {
  local jar found=()
  for jar in "$ROOT"/target/*.jar; do
    case $(basename "$jar") in
      original-* | *-examples.jar | *-sources.jar | *-javadoc.jar | *-tests.jar | '*.jar') ;;
      *) found+=("$jar") ;;
    esac
  done
  case ${#found[@]} in
    1) echo "${found[0]}" ;;
    0) fail "no jar in target/: build it with 'mvn -DskipTests package'" ;;
    *) fail "more than one jar in target/ (${found[*]##*/}): remove the old ones with 'mvn clean', then build with 'mvn -DskipTests package'" ;;
  esac
}

# Prints the Spark to use: the user's own, or else the one that assemble-spark made.
spark_home() {
  if [[ -n ${SPARK_HOME:-} ]]; then
    [[ -x $SPARK_HOME/bin/spark-submit ]] ||
      fail "SPARK_HOME is '$SPARK_HOME', but has no bin/spark-submit: correct it, or unset it to use target/spark"
    echo "$SPARK_HOME"
  else
    [[ -x $ASSEMBLED_SPARK/bin/spark-submit ]] ||
      fail "no Spark: set SPARK_HOME to an installation, or run scripts/assemble-spark to make one in target/spark"
    echo "$ASSEMBLED_SPARK"
  fi
}

# Prints the value of a key in a properties file, or nothing without the key. The last one counts, as in Spark.
property() {
  local file=$1 key=${2//./\\.}
  sed -n "s/^[[:space:]]*${key}[[:space:]=:]\{1,\}//p" "$file" | sed 's/[[:space:]]*$//' | tail -n 1
}

# Whether something listens on a port. The subshell closes the connection again.
port_open() { (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null; }
