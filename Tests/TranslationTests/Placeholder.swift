// Tests of Translation.
