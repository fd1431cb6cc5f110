using System.Globalization;
using Debyard.Benchmarks;

// benchmarks builds ROOT MANIFEST ROUNDS REPORT: measures a build in which nothing changed.
if (args is ["builds", var root, var manifest, var times, var table])
{
    var builds = new BuildBenchmarks(Path.GetFullPath(root), manifest, int.Parse(times, CultureInfo.InvariantCulture));
    await builds.RunAsync();
    await File.WriteAllTextAsync(table, builds.Report($"./build.sh BenchBuilds --bench-manifest {manifest} --rounds {times}"));
    Console.WriteLine($"wrote {table}");
    return;
}

// benchmarks pack FOLDER ROUNDS REPORT: compares packing a tree with dpkg-deb.
if (args is ["pack", var folder, var packRounds, var packReport])
{
    await new PackBenchmarks(Path.GetFullPath(folder), int.Parse(packRounds, CultureInfo.InvariantCulture)).RunAsync(packReport);
    return;
}

// benchmarks pack-tree TREE OUTPUT COMPRESSION LEVEL: packs once; the measured process.
if (args is ["pack-tree", var tree, var output, var compression, var level])
{
    await PackBenchmarks.PackAsync(tree, output, compression, int.Parse(level, CultureInfo.InvariantCulture));
    return;
}

// benchmarks PACKAGES ROUNDS CACHE REPORT: compares the server with the installed peers and writes the table.
if (args is not [var packageCount, var roundCount, var cache, var report])
    throw new ArgumentException("Usage: benchmarks PACKAGES ROUNDS CACHE REPORT");
var (size, rounds) = (int.Parse(packageCount, CultureInfo.InvariantCulture), int.Parse(roundCount, CultureInfo.InvariantCulture));

// Hard links need one file system, so the work folder is beside the packages.
var work = Path.Combine(Path.GetFullPath(cache), "work");
if (Directory.Exists(work))
    Directory.Delete(work, recursive: true);
Directory.CreateDirectory(work);
try
{
    using var benchmarks = new ServerBenchmarks(new Packages(Path.GetFullPath(cache)), work, size, rounds);
    try
    {
        await benchmarks.RunAsync();
    }
    finally
    {
        // Written even after a failure, because the measurements take minutes.
        await File.WriteAllTextAsync(report, benchmarks.Report($"./build.sh Bench --bench-packages {size} --rounds {rounds}"));
        Console.WriteLine($"wrote {report}");
    }
}
finally
{
    Directory.Delete(work, recursive: true);
}
