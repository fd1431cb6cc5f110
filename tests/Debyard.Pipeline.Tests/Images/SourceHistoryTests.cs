using Debyard.Debian.Names;

namespace Debyard.Pipeline.Tests.Images;

public class SourceHistoryTests
{
    [Fact]
    public void A_package_s_version_grows_with_commits_that_touch_what_it_is_made_of_and_stays_with_others()
    {
        using var workspace = new Workspace();
        Git(workspace, "init", "--quiet");
        Commit(workspace, 1_700_000_000);
        var first = Version(workspace);
        Assert.Matches(@"^0\.9\+20231114221320\.g[0-9a-f]{9}$", first);

        workspace.Write("notes.txt", "not part of anything");
        Commit(workspace, 1_700_000_100);
        Assert.Equal(first, Version(workspace));

        workspace.Write("zip/source/zip.c", "changed, and a dependency's dependency of the package");
        var dirty = Version(workspace);
        Assert.StartsWith(first + ".dirty.", dirty, StringComparison.Ordinal);

        Commit(workspace, 1_700_000_200);
        var second = Version(workspace);
        Assert.True(DebianVersion.Parse(second) > DebianVersion.Parse(dirty));
        Assert.True(DebianVersion.Parse(dirty) > DebianVersion.Parse(first));
        Assert.Equal("1700000200", workspace.Image("player/all").Arguments["SOURCE_DATE_EPOCH"]);
    }

    [Fact]
    public void Without_git_the_content_makes_the_version()
    {
        using var workspace = new Workspace();
        var first = Version(workspace);
        Assert.Matches(@"^0\.9\+0\.[0-9a-f]{12}$", first);

        workspace.Write("player/player.conf", "port = {port} # another\n");

        Assert.NotEqual(first, Version(workspace));
    }

    static string Version(Workspace workspace) => workspace.Image("player/all").Arguments["VERSION"];

    static void Commit(Workspace workspace, long time)
    {
        Git(workspace, "add", "--all");
        Git(
            workspace,
            "-c",
            "user.name=Test",
            "-c",
            "user.email=test@example.org",
            "commit",
            "--quiet",
            "--message",
            "x",
            $"--date=@{time} +0000"
        );
        // git takes the committer's time from nowhere but the environment.
        Tool.Run(
            "env",
            [
                $"GIT_COMMITTER_DATE=@{time} +0000",
                "git",
                "-C",
                workspace.Path,
                "-c",
                "user.name=Test",
                "-c",
                "user.email=test@example.org",
                "commit",
                "--quiet",
                "--amend",
                "--no-edit",
            ]
        );
    }

    static void Git(Workspace workspace, params string[] arguments) => Tool.Run("git", ["-C", workspace.Path, .. arguments]);
}
