// The program; `Commands` holds all of it.

import Commands

CycleGANCommand.main()
