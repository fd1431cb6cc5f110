namespace Debyard.Acceptance.Machine;

/// <summary>A clean Debian on this machine's network, gone when the test is.</summary>
sealed class CleanContainer : IAsyncDisposable
{
    readonly string id;

    CleanContainer(string id) => this.id = id;

    public static async Task<CleanContainer> StartAsync()
    {
        var image = (await Engine.ImagesAsync("debyard/streamer/bookworm:*"))[0];
        return new(
            (
                await Tool.RunAsync(
                    "docker",
                    "run",
                    "--detach",
                    "--init",
                    "--network=host",
                    "--env=DEBIAN_FRONTEND=noninteractive",
                    image,
                    "sleep",
                    "infinity"
                )
            ).Trim()
        );
    }

    public Task CopyInAsync(string file, string path) => Tool.RunAsync("docker", "cp", file, $"{id}:{path}");

    public Task<string> RunAsync(params string[] command) => Tool.RunAsync("docker", ["exec", id, .. command]);

    public async ValueTask DisposeAsync() => await Tool.RunAsync("docker", "rm", "--force", "--volumes", id);
}
