using System.Text;
using Debyard.Debian.Control;
using Debyard.Debian.Digests;
using Debyard.Debian.Packages;

namespace Debyard.Tests;

/// <summary>A real package, made in memory; the same arguments give the same bytes.</summary>
sealed record SamplePackage(string FileName, byte[] Bytes, FileDigests Digests)
{
    /// <summary>Where a branch that lists it has it.</summary>
    public string PoolPath => $"pool/stable/main/{Digests.Sha256[0]}/{Digests.Sha256[..12]}_{FileName}";

    public static async Task<SamplePackage> MakeAsync(
        string name = "lua",
        string version = "5.4.6-1",
        string architecture = "amd64",
        string content = "hello"
    )
    {
        var control = Stanza.Parse(
            $"Package: {name}\nVersion: {version}\nArchitecture: {architecture}\nMaintainer: Debyard <debyard@example.org>\n"
                + "Description: a sample\n"
        );
        var writer = new DebWriter(control, DateTimeOffset.UnixEpoch)
        {
            Entries =
            [
                new DebFileEntry($"/opt/{name}/content", () => new MemoryStream(Encoding.UTF8.GetBytes(content)), DebFileEntry.Plain),
            ],
        };
        using var bytes = new MemoryStream();
        await writer.WriteAsync(bytes);
        bytes.Position = 0;
        return new SamplePackage(writer.FileName.ToString(), bytes.ToArray(), await FileDigests.ComputeAsync(bytes));
    }
}
