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

// benchmarks PACKAGES ROUNDS CACHE REPORT: measures our server beside what is installed, and writes the table.
if (args is not [var packageCount, var roundCount, var cache, var report])
    throw new ArgumentException("Say how many packages, how many rounds, where packages are kept, and the report's file.");
var (size, rounds) = (int.Parse(packageCount, CultureInfo.InvariantCulture), int.Parse(roundCount, CultureInfo.InvariantCulture));

// Hard links need one file system, so the work is done beside the packages.
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
        // Also what was measured before something failed: it has taken minutes.
        await File.WriteAllTextAsync(report, benchmarks.Report($"./build.sh Bench --bench-packages {size} --rounds {rounds}"));
        Console.WriteLine($"wrote {report}");
    }
}
finally
{
    Directory.Delete(work, recursive: true);
}
