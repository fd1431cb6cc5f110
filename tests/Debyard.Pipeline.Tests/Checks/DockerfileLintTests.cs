using Debyard.Pipeline.Checks;
using Debyard.Pipeline.Images;
using Debyard.Pipeline.Processes;

namespace Debyard.Pipeline.Tests.Checks;

/// <summary>The lint names the line of each weakness of a Dockerfile, and finds nothing in a good one.</summary>
public sealed class DockerfileLintTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("RUN apt-get update\nRUN apt-get install --yes gcc", 2, "`apt-get update` and its install are in different RUNs")]
    [InlineData(
        "RUN apt-get -o Acquire::Retries=3 update && rm -rf /tmp/x\nRUN apt-get install --yes gcc",
        2,
        "`apt-get update` and its install are in different RUNs"
    )]
    [InlineData(
        "RUN true\nRUN curl --output zip.tar.gz \\\n      https://example.org/zip.tar.gz",
        3,
        "an unpinned source (curl --output zip.tar.gz https://)"
    )]
    [InlineData("RUN wget https://example.org/zip.tar.gz && tar xf zip.tar.gz", 2, "an unpinned source (wget https://)")]
    [InlineData("RUN git clone https://example.org/zip.git /src", 2, "an unpinned source (git clone)")]
    [InlineData("RUN pip install meson", 2, "an unpinned source (pip install meson)")]
    [InlineData("RUN apt-get source zlib", 2, "an unpinned source (apt-get source zlib)")]
    [InlineData("ADD https://example.org/zip.tar.gz /src/", 2, "an unpinned source (ADD of a URL)")]
    [InlineData("FROM debian:latest", 2, "an unpinned source (FROM debian:latest)")]
    [InlineData("FROM registry.example.org:5000/debian AS base", 2, "an unpinned source (FROM registry.example.org:5000/debian)")]
    [InlineData("# one\n# two\nCOPY . .\nRUN true\nRUN make -j4", 4, "COPY . . copies the whole context before make in line 6")]
    [InlineData(
        "COPY [\".\", \"/src/\"]\nRUN cmake --build .",
        2,
        "COPY [\".\", \"/src/\"] copies the whole context before cmake --build in line 3"
    )]
    [InlineData("ARG VERSION\nRUN apt-get install --yes gcc", 2, "ARG VERSION comes before apt-get install in line 3")]
    [InlineData(
        "ARG SOURCE_DATE_EPOCH=0\nRUN fetch-source zlib 1.3 /src 0000",
        2,
        "ARG SOURCE_DATE_EPOCH comes before fetch-source in line 3"
    )]
    public void A_weakness_is_named_with_its_line(string instructions, int line, string finding)
    {
        var found = Findings($"FROM ${{BASE}}\n{instructions}\n");

        Assert.StartsWith(
            $"lib/Dockerfile:{line}: {finding}",
            Assert.Single(found, line => line.Contains(finding, StringComparison.Ordinal)),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("RUN apt-get update && apt-get install --yes gcc")]
    [InlineData(
        "RUN apt-get -o Acquire::Languages=none update \\\n # why\n "
            + "&& DEBIAN_FRONTEND=noninteractive apt-get -o Dpkg::Options::=--force-unsafe-io \\\n install --yes gcc"
    )]
    [InlineData("RUN curl -O https://example.org/a.tar.gz && echo \"$SHA256 a.tar.gz\" | sha256sum --check")]
    [InlineData("RUN git clone https://example.org/a.git /a && git -C /a checkout 0123456789012345678901234567890123456789")]
    [InlineData("RUN pip install meson==1.4.0")]
    [InlineData("RUN apt-get source zlib=1:1.2.13")]
    [InlineData("ADD --checksum=sha256:00 https://example.org/a.tar.gz /src/")]
    [InlineData("FROM debian:bookworm-20240101")]
    [InlineData("FROM debian@sha256:0123")]
    [InlineData("FROM debian:12 AS base\nFROM base")]
    [InlineData("FROM scratch")]
    [InlineData("RUN make\nCOPY . .")]
    [InlineData("COPY src/ src/\nRUN make")]
    [InlineData("RUN make\nARG VERSION\nRUN pack")]
    [InlineData("ARG VERSION\nRUN make VERSION=${VERSION}")]
    [InlineData("COPY --from=other . .\nRUN make")]
    public void A_good_dockerfile_is_left_in_peace(string instructions)
    {
        folder.Write("lib/.dockerignore", "*\n");

        Assert.Empty(Findings($"FROM ${{BASE}}\n{instructions}\n"));
    }

    [Fact]
    public void What_changes_often_before_work_that_does_not_need_it_is_named_from_the_history()
    {
        const string dockerfile =
            "FROM ${BASE}\nCOPY notes.txt /notes\nRUN fetch-source zlib 1.3 /src 0000\n"
            + "COPY patches/ patches/\nRUN patch < patches/one\nRUN make\n";
        folder.Write("lib/patches/one", "");
        folder.Write("lib/notes.txt", "0");
        folder.Write("lib/Dockerfile", dockerfile);
        Git("init", "--quiet");
        Commit("first");
        Assert.Empty(Findings(dockerfile));

        for (var i = 1; i <= 3; i++)
        {
            folder.Write("lib/notes.txt", $"{i}");
            folder.Write("lib/patches/one", $"{i}");
            Commit("again");
        }

        // The patches change as often, but the commands after them use them.
        Assert.Equal(
            [
                "lib/Dockerfile:2: COPY notes.txt /notes changed in 4 commits, the Dockerfile in 1, "
                    + "and it comes before fetch-source in line 3: copy it after that step.",
            ],
            Findings(dockerfile)
        );
    }

    [Fact]
    public void A_context_whose_files_nobody_copies_lacks_its_ignore_file()
    {
        folder.Write("lib/src/a.c", "");
        Assert.Empty(Findings("FROM ${BASE}\nCOPY src/ /src/\n"));

        folder.Write("lib/notes.txt", "");
        Assert.StartsWith(
            "lib/Dockerfile:1: there is no .dockerignore: notes.txt is sent",
            Assert.Single(Findings("FROM ${BASE}\nCOPY src/ /src/\n")),
            StringComparison.Ordinal
        );

        folder.Write("lib/.dockerignore", "*\n!src\n");
        Assert.Empty(Findings("FROM ${BASE}\nCOPY src/ /src/\n"));
    }

    [Fact]
    public void The_repositorys_own_dockerfiles_are_good()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Debyard.slnx")))
        {
            root = Path.GetDirectoryName(root)!;
        }
        var lint = new DockerfileLint(new SourceHistory(root, Path.Combine(root, "debyard.yml")));

        Assert.Empty(
            Directory
                .EnumerateFiles(Path.Combine(root, "dockerfiles"), "Dockerfile", SearchOption.AllDirectories)
                .SelectMany(file => lint.Findings(BuildContext.Read(root, Path.GetRelativePath(root, Path.GetDirectoryName(file)!))))
        );
    }

    IReadOnlyList<string> Findings(string dockerfile)
    {
        folder.Write("lib/Dockerfile", dockerfile);
        return new DockerfileLint(new SourceHistory(folder.Path, folder["debyard.yml"])).Findings(BuildContext.Read(folder.Path, "lib"));
    }

    void Commit(string message)
    {
        Git("add", ".");
        Git("-c", "user.name=Test", "-c", "user.email=test@example.org", "commit", "--quiet", "--message", message);
    }

    void Git(params string[] arguments) => Assert.True(CommandLine.TryRead("git", ["-C", folder.Path, .. arguments], out _));

    public void Dispose() => folder.Dispose();
}
