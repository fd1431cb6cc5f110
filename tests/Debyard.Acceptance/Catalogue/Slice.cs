using Debyard.Acceptance.Machine;

namespace Debyard.Acceptance.Catalogue;

/// <summary>
/// Three dependencies of the catalogue, by its own toolchain and Dockerfiles, for all five architectures: built and uploaded to a
/// server once, and again.
/// </summary>
public sealed class Slice : IAsyncLifetime
{
    internal static readonly string[] Dependencies = ["streamer-lua", "streamer-luasocket", "streamer-lz4"];

    internal static readonly string[] Architectures = ["amd64", "arm64", "armhf", "musl64", "e2k"];

    const string Compiler = "debyard/slice/lcc-e2k:test";

    internal Workspace Clone { get; } = new();

    internal RunningServer Server { get; private set; } = null!;

    internal Outcome First { get; private set; } = null!;

    internal Outcome Again { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await Engine.RequireAsync();
        try
        {
            await Clone.CloneProjectAsync();
            (await Clone.RunAsync("Images", "--manifest", "dockerfiles/catalogue.yml", "--architectures", "amd64")).Succeeds("catalogue ");
            await MakeCompilerAsync();
            Clone.Environment["E2K_TOOLCHAIN"] = Compiler;
            Server = await RunningServer.StartAsync(Clone);
            First = (await UploadAsync(Clone, "main")).Succeeds("Build succeeded");
            Again = (await UploadAsync(Clone, "main")).Succeeds("Build succeeded");
        }
        catch
        {
            // xunit disposes only fixtures that came about.
            await DisposeAsync();
            throw;
        }
    }

    internal Task<Outcome> UploadAsync(Workspace workspace, string branch) =>
        workspace.RunAsync(
            "Upload",
            "--manifest",
            "dockerfiles/catalogue.yml",
            "--only",
            string.Join(',', Dependencies),
            "--architectures",
            string.Join(',', Architectures),
            "--repository-url",
            Server.Url,
            "--branch",
            branch
        );

    /// <summary>A clone of this project on a machine that has built nothing.</summary>
    internal static async Task<Workspace> RunnerAsync()
    {
        var runner = new Workspace();
        await runner.CloneProjectAsync();
        runner.Environment["E2K_TOOLCHAIN"] = Compiler;
        return runner;
    }

    /// <summary>
    /// Nobody may hand Elbrus' compiler on. This one compiles for amd64 and says of what it links that it is for Elbrus, which is all
    /// that can be seen of it from outside.
    /// </summary>
    async Task MakeCompilerAsync()
    {
        var folder = Directory.CreateDirectory(System.IO.Path.Combine(Clone.Path, "lcc")).FullName;
        var toolchain = (await Engine.ImagesAsync("debyard/streamer/catalogue:amd64-*"))[0];
        File.WriteAllText(
            System.IO.Path.Combine(folder, "gcc"),
            """
            #!/bin/sh
            gcc "$@" || exit
            output=a.out previous=
            for word; do
              case $word in -c | -S | -E) exit;; -o?*) output=${word#-o};; esac
              if [ "$previous" = -o ]; then output=$word; fi
              previous=$word
            done
            if [ -f "$output" ]; then printf '\257\000' | dd of="$output" bs=1 seek=18 conv=notrunc status=none; fi

            """
        );
        File.WriteAllText(
            System.IO.Path.Combine(folder, "Dockerfile"),
            $"""
            FROM {toolchain}
            COPY gcc /usr/local/bin/e2k-linux-gnu-gcc
            RUN chmod 755 /usr/local/bin/e2k-linux-gnu-gcc && cd /usr/local/bin && ln -s /usr/bin/ar e2k-linux-gnu-ar \
             && ln -s /usr/bin/nm e2k-linux-gnu-nm \
             && ln -s /usr/bin/ranlib e2k-linux-gnu-ranlib && ln -s /usr/bin/readelf e2k-linux-gnu-readelf \
             && ln -s /bin/true e2k-linux-gnu-objcopy && ln -s /bin/true e2k-linux-gnu-strip

            """
        );
        await Tool.RunAsync("docker", "build", "--tag", Compiler, folder);
    }

    public async Task DisposeAsync()
    {
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }
        Clone.Dispose();
        await Engine.RemoveImagesAsync(Compiler);
    }
}
