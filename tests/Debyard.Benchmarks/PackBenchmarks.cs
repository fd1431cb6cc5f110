using System.Diagnostics;
using System.Globalization;
using System.Text;
using Debyard.Debian.Names;
using Debyard.Debian.Packages;
using Debyard.Pipeline.Manifests;
using Debyard.Pipeline.Packing;

namespace Debyard.Benchmarks;

/// <summary>Packs a tree of 200 MB, as a process of its own, in turns with dpkg-deb of the same compression, level and threads.</summary>
sealed class PackBenchmarks(string folder, int rounds)
{
    const int Files = 2000;
    const int FileSize = 100_000;

    string Tree => Path.Combine(folder, "tree");

    public async Task RunAsync(string report)
    {
        WriteTree();
        var measured = new List<Measurement>();
        var memory = new StringBuilder();
        foreach (var (compression, level, times) in new[] { ("gzip", 6, rounds), ("zstd", 3, rounds), ("xz", 1, rounds), ("xz", 6, 1) })
        {
            var (ours, theirs) = (0L, 0L);
            string[] self = ["pack-tree", Tree, Path.Combine(folder, "ours"), compression, $"{level}"];
            string[] peer =
            [
                "--root-owner-group",
                $"-Z{compression}",
                $"-z{level}",
                $"--threads-max={Environment.ProcessorCount}",
                "--build",
                Tree,
                Path.Combine(folder, "theirs.deb"),
            ];
            measured.Add(
                await new Measurement($"{Files * FileSize / 1_000_000} MB, {compression} -{level}", "1.2")
                    .With("debyard", async _ => ours = Math.Max(ours, await RunAsync(Environment.ProcessPath!, self)))
                    .With("dpkg-deb", async _ => theirs = Math.Max(theirs, await RunAsync("dpkg-deb", peer)))
                    .RunAsync(times)
            );
            var sizes = Directory
                .GetFiles(Path.Combine(folder, "ours"), "*.deb")
                .Append(Path.Combine(folder, "theirs.deb"))
                .Select(file => new FileInfo(file).Length / 1e6)
                .ToList();
            memory.Append(
                CultureInfo.InvariantCulture,
                $"| {compression} -{level} | {ours / 1024} MB | {theirs / 1024} MB | {sizes[0]:0.0} MB | {sizes[1]:0.0} MB |\n"
            );
        }
        await File.WriteAllTextAsync(report, Report(measured, memory.ToString()));
    }

    public static async Task PackAsync(string tree, string output, string compression, int level)
    {
        var section = new PackSection
        {
            Text = "",
            Line = 1,
            Compression = Enum.Parse<DebCompression>(compression, ignoreCase: true),
            Level = level,
            Fields = new Dictionary<string, string>
            {
                ["Section"] = "misc",
                ["Maintainer"] = "Bench <bench@example.org>",
                ["Description"] = "measured\n A package that is measured.",
            },
        };
        Directory.CreateDirectory(output);
        var job = new PackJob("bench", "1.0-1", Architecture.Parse("all"), section, tree);
        var read = TreeSource.OfFolder(tree, tree);
        read.Below("/DEBIAN").ToList().ForEach(entry => read.Remove(entry.Path));
        await Packer.PackAsync(job, read, null, output, default);
    }

    // Words from a small vocabulary, so that it compresses like text, and every fourth file is random, like media.
    void WriteTree()
    {
        if (Directory.Exists(Tree))
            return;
        var random = new Random(1);
        var words = Enumerable
            .Range(0, 4000)
            .Select(_ => new string([.. Enumerable.Range(0, random.Next(2, 10)).Select(_ => (char)random.Next('a', 'z'))]))
            .ToList();
        for (var number = 0; number < Files; number++)
        {
            var path = Path.Combine(Tree, "usr/share/bench", $"{number % 50}", $"{number}");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var content = new byte[FileSize];
            if (number % 4 == 0)
                random.NextBytes(content);
            else
                for (var at = 0; at < FileSize; )
                {
                    var word = Encoding.ASCII.GetBytes(words[random.Next(words.Count)] + " ");
                    word.AsSpan(0, Math.Min(word.Length, FileSize - at)).CopyTo(content.AsSpan(at));
                    at += word.Length;
                }
            File.WriteAllBytes(path, content);
        }
        Directory.CreateDirectory(Path.Combine(Tree, "usr/share/doc/bench"));
        File.WriteAllText(Path.Combine(Tree, "usr/share/doc/bench/copyright"), "MIT\n");
        Directory.CreateDirectory(Path.Combine(Tree, "DEBIAN"));
        File.WriteAllText(
            Path.Combine(Tree, "DEBIAN/control"),
            "Package: bench\nVersion: 1.0-1\nArchitecture: all\nMaintainer: Bench <bench@example.org>\nDescription: measured\n A package.\n"
        );
    }

    /// <summary>Runs a program and returns the most memory that it used, in KiB.</summary>
    static async Task<long> RunAsync(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        long peak = 0;
        while (!process.HasExited)
        {
            peak = Math.Max(peak, Peak(process.Id));
            await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(20));
        }
        await output;
        return process.ExitCode == 0 ? peak : throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
    }

    // dpkg-deb compresses in a child process.
    static long Peak(int id)
    {
        try
        {
            var line = File.ReadLines($"/proc/{id}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            var own = line is null
                ? 0
                : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);
            var children = File.ReadAllText($"/proc/{id}/task/{id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return Math.Max(own, children.Select(child => Peak(int.Parse(child, CultureInfo.InvariantCulture))).DefaultIfEmpty().Max());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    static string Load => File.ReadAllText("/proc/loadavg").Split(' ')[1];

    string Report(List<Measurement> measured, string memory) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            # Benchmarks of packing

            Measured by `./build.sh BenchPack --rounds {rounds}` on {DateTime.UtcNow:yyyy-MM-dd}: {Environment.ProcessorCount} cores,
            load {Load}. Debyard and dpkg-deb take turns, each as a process of its own, with the same compression, level and number
            of threads. dpkg-deb
            compresses gzip with one thread. Debyard also looks for binaries and writes md5sums. xz -6 is measured once.

            | what | target | who | median | p95 | ours / theirs |
            | --- | --- | --- | --- | --- | --- |
            {string.Join('\n', measured.SelectMany(measurement => measurement.Rows()))}

            | | memory: debyard | dpkg-deb | size: debyard | dpkg-deb |
            | --- | --- | --- | --- | --- |
            {memory}
            """
        );
}
