using System.ComponentModel;

namespace Debyard.Acceptance.Machine;

/// <summary>The Docker engine, asked through its own command line.</summary>
static class Engine
{
    /// <summary>Fails where no engine answers: a test that did not run has not passed.</summary>
    public static async Task RequireAsync()
    {
        try
        {
            if ((await Tool.TryAsync("docker", "version", "--format", "{{.Server.Version}}")).ExitCode == 0)
            {
                return;
            }
        }
        catch (Win32Exception)
        {
            // No command line either.
        }
        Assert.Fail("No Docker engine answers, and the acceptance tests need one: `./build.sh Setup` installs and starts it.");
    }

    public static async Task<IReadOnlyList<string>> ContainersAsync() =>
        Lines(
            await Tool.RunAsync(
                "docker",
                "ps",
                "--all",
                "--no-trunc",
                "--format",
                "{{.ID}} {{.Status}} {{.Label \"debyard.owner\"}} {{.Command}}"
            )
        );

    /// <summary>Tags like <c>debyard/streamer/bookworm:*</c>, newest first.</summary>
    public static async Task<IReadOnlyList<string>> ImagesAsync(string reference) =>
        Lines(await Tool.RunAsync("docker", "images", "--filter", $"reference={reference}", "--format", "{{.Repository}}:{{.Tag}}"));

    public static async Task RemoveImagesAsync(string reference)
    {
        if (await ImagesAsync(reference) is { Count: > 0 } images)
        {
            await Tool.RunAsync("docker", ["rmi", "--force", .. images]);
        }
    }

    static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
