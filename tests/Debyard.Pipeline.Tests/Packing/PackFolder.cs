using Debyard.Debian.Names;
using Debyard.Pipeline.Manifests;
using Debyard.Pipeline.Packing;

namespace Debyard.Pipeline.Tests.Packing;

/// <summary>A manifest with one package that is packed from the folder <c>tree</c>, and the files beside it.</summary>
sealed class PackFolder : IDisposable
{
    public const string Fields = """
        section: net
        maintainer: Streamer Team <streamer@example.org>
        description: |
          small HTTP media server
          Serves a file with range requests.
        copyright: copyright
        """;

    readonly TemporaryFolder folder = new();

    public PackFolder()
    {
        Write("copyright", "Copyright: 2026 Streamer Team\nLicense: MIT\n");
        Write("tree/usr/share/streamer/main.lua", "print('hello')\n");
    }

    public string this[string path] => folder[path];

    public string Write(string name, string content) => folder.Write(name, content);

    public Manifest Manifest(string pack, string version = "1.2-3")
    {
        var lines = string.Join('\n', $"from: tree\n{pack}".Split('\n').Select(line => "      " + line));
        Write("debyard.yml", $"product: p\npackages:\n  streamer:\n    version: {version}\n    architecture: all\n    pack:\n{lines}\n");
        return ManifestReader.Read(folder["debyard.yml"]);
    }

    public PackJob Job(string pack, string version = "1.2-3") =>
        new("streamer", version, Architecture.Parse("all"), Manifest(pack, version).Packages[0].Pack!, folder.Path)
        {
            Time = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000),
        };

    /// <summary>Packs and returns the path of the package.</summary>
    public async Task<string> PackAsync(string pack = Fields, string version = "1.2-3") => (await PackAsync(Job(pack, version)))[0];

    public async Task<IReadOnlyList<string>> PackAsync(PackJob job, KnownLibraries? libraries = null)
    {
        var output = Directory.CreateDirectory(folder[$"output-{Guid.NewGuid():N}"]).FullName;
        return await Packer.PackAsync(job, TreeSource.OfFolder(folder["tree"], "tree"), libraries, output, default);
    }

    /// <summary>The messages with which the manifest or the packing is refused.</summary>
    public async Task<string> RefusedAsync(string pack) =>
        (await Assert.ThrowsAnyAsync<PipelineException>(() => PackAsync($"{Fields}\n{pack}"))).Message;

    public void Dispose() => folder.Dispose();
}
