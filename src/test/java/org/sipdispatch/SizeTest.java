package org.sipdispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** Files and methods stay short enough to read. */
class SizeTest {
    private static final List<Path> SOURCES = List.of(Path.of("src/main/java"), Path.of("src/bench/java"));
    private static final int MOST_LINES_OF_A_FILE = 400;
    private static final int MOST_LINES_OF_A_METHOD = 40;

    /** Longer methods, each with the reason. */
    private static final Map<String, String> LONGER = Map.of();

    @Test
    void noFileIsTooLong() throws IOException {
        Map<String, Integer> tooLong = new TreeMap<>();
        for (Path file : files()) {
            int lines = Files.readAllLines(file).size();
            if (lines > MOST_LINES_OF_A_FILE) {
                tooLong.put(file.toString(), lines);
            }
        }

        assertThat(tooLong).isEmpty();
    }

    @Test
    void noMethodIsTooLong() throws IOException {
        Map<String, Long> tooLong = new TreeMap<>();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, manager, null, List.of("-proc:none"), null, manager.getJavaFileObjectsFromPaths(files()));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                new TreeScanner<Void, Void>() {
                    @Override
                    public Void visitMethod(MethodTree method, Void unused) {
                        LineMap lines = unit.getLineMap();
                        long length = lines.getLineNumber(positions.getEndPosition(unit, method))
                                - lines.getLineNumber(positions.getStartPosition(unit, method))
                                + 1;
                        String file = Path.of(unit.getSourceFile().getName())
                                .getFileName()
                                .toString();
                        String name = file.replace(".java", "") + "." + method.getName();
                        if (length > MOST_LINES_OF_A_METHOD && !LONGER.containsKey(name)) {
                            tooLong.put(name, length);
                        }
                        return super.visitMethod(method, unused);
                    }
                }.scan(unit, null);
            }
        }

        assertThat(tooLong).isEmpty();
    }

    private static List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path directory : SOURCES) {
            try (Stream<Path> all = Files.walk(directory)) {
                all.filter(file -> file.toString().endsWith(".java")).sorted().forEach(files::add);
            }
        }
        return files;
    }
}
