// The side of libpng and libjpeg that needs setjmp: status and message out.
#pragma once
