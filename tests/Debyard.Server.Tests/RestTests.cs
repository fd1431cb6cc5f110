using System.Runtime.CompilerServices;
using Debyard.Server.Memory;
using Debyard.Server.Tests.Faults;

namespace Debyard.Server.Tests;

/// <summary>Alone: what others allocate beside it is work, too.</summary>
[Collection(nameof(OneAtATime))]
public sealed class RestTests
{
    [Fact]
    public void Memory_is_given_back_once_the_work_is_over_and_not_again_before_there_was_some()
    {
        var rest = new IdleMemoryTrimmer();
        rest.CollectIfIdle();
        var left = Work();

        rest.CollectIfIdle();
        var atWork = GC.CollectionCount(GC.MaxGeneration);
        rest.CollectIfIdle();
        var atRest = GC.CollectionCount(GC.MaxGeneration);
        rest.CollectIfIdle();

        Assert.Equal((atWork + 1, atWork + 1), (atRest, GC.CollectionCount(GC.MaxGeneration)));
        Assert.False(left.IsAlive);
    }

    // Not inlined, so that nothing of it is on the test's own stack.
    [MethodImpl(MethodImplOptions.NoInlining)]
    static WeakReference Work() => new(new byte[4 * 1024 * 1024]);
}
