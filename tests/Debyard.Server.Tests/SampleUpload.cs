using System.Text;
using Debyard.Debian.Digests;

namespace Debyard.Server.Tests;

/// <summary>The .buildinfo and .changes files of a build that made one package, as dpkg-buildpackage writes them.</summary>
sealed record SampleUpload(SamplePackage Package)
{
    public string ChangesName => Path.ChangeExtension(Package.FileName, ".changes");

    public string BuildInfoName => Path.ChangeExtension(Package.FileName, ".buildinfo");

    public string BuildInfo => $"Format: 1.0\nSource: {Part(0)}\nVersion: {Part(1)}\nBuild-Architecture: amd64\n";

    /// <summary>Lists the package and the .buildinfo file; or, with arguments, what they say.</summary>
    public string Changes(params (string Name, FileDigests Digests)[] files)
    {
        if (files.Length == 0)
            files = [(BuildInfoName, DigestsOf(BuildInfo)), (Package.FileName, Package.Digests)];
        return $"""
            Format: 1.8
            Date: Sun, 22 Nov 2026 12:19:14 +0000
            Source: {Part(0)}
            Binary: {Part(0)}
            Architecture: amd64
            Version: {Part(1)}
            Distribution: unstable
            Urgency: medium
            Maintainer: Debyard <debyard@example.org>
            Changed-By: Debyard <debyard@example.org>
            Description:
             {Part(0)} - a sample
            Changes:
             {Part(0)} ({Part(1)}) unstable; urgency=medium
             .
               * A change.
            Checksums-Sha1:
            {Lines(file => $"{file.Digests.Sha1} {file.Digests.Size} {file.Name}")}
            Checksums-Sha256:
            {Lines(file => $"{file.Digests.Sha256} {file.Digests.Size} {file.Name}")}
            Files:
            {Lines(file => $"{file.Digests.Md5} {file.Digests.Size} misc optional {file.Name}")}

            """;

        string Lines(Func<(string Name, FileDigests Digests), string> line) => string.Join('\n', files.Select(file => " " + line(file)));
    }

    /// <summary>Writes the files of the upload into a folder and returns the path of the .changes file.</summary>
    public string WriteTo(string folder)
    {
        File.WriteAllBytes(Path.Combine(folder, Package.FileName), Package.Bytes);
        File.WriteAllText(Path.Combine(folder, BuildInfoName), BuildInfo);
        var changes = Path.Combine(folder, ChangesName);
        File.WriteAllText(changes, Changes());
        return changes;
    }

    public static FileDigests DigestsOf(string content) =>
        FileDigests.ComputeAsync(new MemoryStream(Encoding.UTF8.GetBytes(content))).GetAwaiter().GetResult();

    string Part(int index) => Package.FileName.Split('_')[index];
}
