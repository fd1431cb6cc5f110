using Debyard.Debian.Names;
using Debyard.Pipeline.Images;
using Debyard.Pipeline.Manifests;

namespace Debyard.Pipeline.Tests;

/// <summary>A product in a folder of its own: two dependencies, one of which needs the other, and a package that needs both.</summary>
public sealed class Workspace : IDisposable
{
    public const string Manifest = """
        product: player
        architectures:
          amd64: { strategy: native, triplet: x86_64-linux-gnu, toolchain: gcc-amd64 }
          arm64: { strategy: cross, triplet: aarch64-linux-gnu, toolchain: gcc-arm64 }
        bases:
          bookworm: { bootstrap: bookworm }
        toolchains:
          gcc-amd64: { context: gcc, base: bookworm, args: { PACKAGES: gcc } }
          gcc-arm64: { context: gcc, base: bookworm, args: { PACKAGES: gcc-aarch64-linux-gnu } }
        dependencies:
          player-codec: { version: 2.0-1, context: codec, needs: [player-zip] }
          player-zip: { version: 1.3-1, context: zip }
        packages:
          player: { version: 0.9, architecture: all, context: player, base: bookworm, needs: [player-codec] }
        validation:
          base: bookworm
          install: [player]
          scenarios:
            plain: { files: { /etc/player.conf: player/player.conf }, start: player, checks: [ { get: /, contains: hello } ] }

        """;

    readonly TemporaryFolder folder = new();

    public Workspace(string manifest = Manifest)
    {
        Write("debyard.yml", manifest);
        Write("gcc/Dockerfile", "ARG BASE\nFROM ${BASE}\nARG PACKAGES\nRUN apt-get install ${PACKAGES}\n");
        Write("zip/Dockerfile", "ARG TOOLCHAIN\nFROM ${TOOLCHAIN}\nARG VERSION\nARG ARCHITECTURE\nCOPY source /source\nRUN make\n");
        Write("zip/source/zip.c", "int main() { return 0; }\n");
        Write(
            "codec/Dockerfile",
            "ARG TOOLCHAIN\nARG NEED_PLAYER_ZIP\nFROM ${NEED_PLAYER_ZIP} AS zip\n"
                + "FROM ${TOOLCHAIN}\nARG VERSION\nCOPY --from=zip /artifacts /needs\n"
        );
        Write(
            "player/Dockerfile",
            "ARG BASE\nARG NEED_PLAYER_CODEC\nFROM ${NEED_PLAYER_CODEC} AS codec\n"
                + "FROM ${BASE}\nARG VERSION\nARG SOURCE_DATE_EPOCH\nCOPY . /\n"
        );
        Write("player/player.conf", "port = {port}\n");
    }

    public string Path => folder.Path;

    public string ManifestFile => folder["debyard.yml"];

    public string Write(string name, string content) => folder.Write(name, content);

    public Manifest Read() => ManifestReader.Read(ManifestFile);

    public ImageSelection Selection(string[]? architectures = null, string[]? only = null)
    {
        var manifest = Read();
        return new ImageSelection(
            manifest,
            [.. manifest.Architectures.Where(architecture => architectures?.Contains(architecture.Name.ToString()) ?? true)],
            only ?? [],
            Architecture.Parse("amd64")
        );
    }

    public ImageGraph Graph(string[]? architectures = null, string[]? only = null, Func<string, string>? imageId = null)
    {
        var selection = Selection(architectures, only);
        return ImageGraph.For(
            selection,
            new SourceHistory(selection.Manifest.Directory, selection.Manifest.File),
            imageId ?? (reference => $"sha256:id-of-{reference}")
        );
    }

    public Image Image(string id) => Graph().Images.Single(image => image.Id == id);

    public void Dispose() => folder.Dispose();
}
