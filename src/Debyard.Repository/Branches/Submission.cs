namespace Debyard.Repository.Branches;

/// <summary>A request to a branch's publisher; answered when what it asked for is durable and clients see it.</summary>
abstract class Submission
{
    public abstract void Answer();

    public abstract void Fail(Exception fault);
}

/// <summary>A change of what the branch lists: those that wait together are published together.</summary>
abstract class ContentChange : Submission
{
    /// <summary>Decides what becomes of the request; nothing of it is on disk yet.</summary>
    public abstract Task DecideAsync(BranchTransaction change);
}

/// <summary>A change of where the branch is; nothing else happens to it meanwhile.</summary>
abstract class Relocation : Submission
{
    public abstract Task<BranchState> MoveAsync(BranchState state);
}

sealed class ContentChange<T>(Func<BranchTransaction, Task<T>> decide) : ContentChange
{
    readonly TaskCompletionSource<T> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    T outcome = default!;

    public Task<T> Answered => answer.Task;

    public override async Task DecideAsync(BranchTransaction change) => outcome = await decide(change);

    public override void Answer() => answer.TrySetResult(outcome);

    public override void Fail(Exception fault) => answer.TrySetException(fault);
}

sealed class Relocation<T>(Func<BranchState, Task<(BranchState State, T Outcome)>> move) : Relocation
{
    readonly TaskCompletionSource<T> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    T outcome = default!;

    public Task<T> Answered => answer.Task;

    public override async Task<BranchState> MoveAsync(BranchState state)
    {
        (state, outcome) = await move(state);
        return state;
    }

    public override void Answer() => answer.TrySetResult(outcome);

    public override void Fail(Exception fault) => answer.TrySetException(fault);
}
